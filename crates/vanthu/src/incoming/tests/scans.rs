//! Scans are measured when they come (CN-109).

use super::*;
use crate::testing::{pdf, scans::scan};

async fn shown(cast: &Cast, name: &str, content: &[u8]) -> String {
    let fields = [
        ("sender_name", "Hội Nông dân"),
        ("subject", "Giấy mời"),
        ("urgency", "normal"),
    ];
    let done = cast
        .clerk
        .post_files("/incoming/paper", &fields, &[("main_file", name, content)])
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    cast.clerk.get(&done.location).await.ok().text
}

#[tokio::test]
async fn cn_109_a_scan_that_does_not_conform_is_flagged_with_what_to_set_and_registered_all_the_same() {
    let cast = Cast::new().await;
    let coarse = scan("1.3", (827, 1170), "DeviceGray".into(), 1.0);
    let form = cast
        .clerk
        .post_files(
            "/incoming/paper",
            &[("step", "read")],
            &[("main_file", "quet.pdf", &coarse)],
        )
        .await
        .ok()
        .text;
    for said in [
        "từ 200 dpi trở lên",
        "chế độ quét màu",
        "PDF 1.4 trở lên",
        "vẫn dùng được",
    ] {
        assert!(form.contains(said), "{said}: {form}");
    }
    let kept = shown(&cast, "quet.pdf", &coarse).await;
    assert!(kept.contains("từ 200 dpi trở lên"), "{kept}");
    let good = scan("1.4", (1654, 2339), "DeviceRGB".into(), 1.0);
    let conforming = shown(&cast, "quet_mau.pdf", &good).await;
    assert!(!conforming.contains("chưa đúng quy định số hóa"), "{conforming}");
    let made = shown(&cast, "van_ban.pdf", &pdf("Cong van")).await;
    assert!(
        !made.contains("chưa đúng quy định số hóa"),
        "a file that was no scan"
    );
    let png =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\
        \xf8\xff\xff?\0\x05\xfe\x02\xfe\xdc\xccY\xe7\0\0\0\0IEND\xaeB`\x82";
    assert!(shown(&cast, "anh.png", png).await.contains("quét thành tệp PDF"));
}
