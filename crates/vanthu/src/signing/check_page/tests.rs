//! The page for any PDF, in process.

use store::{Digest, args, sql};

use crate::testing::{
    Office, Person, pdf,
    signed::{Signers, trust},
};

struct Desk {
    office: Office,
    officer: Person,
    file: Vec<u8>,
}

async fn desk() -> Desk {
    let office = Office::new().await;
    let now = office.app.clock.now();
    let signers = Signers::new(now, "Ủy ban nhân dân tỉnh Đắk Nông", "H16");
    trust(&office.app, &signers, &signers.crls(&[], now)).await;
    Desk {
        officer: office.person("annv.stttt").await,
        file: signers.both(&pdf("Noi dung"), now),
        office,
    }
}

async fn files(office: &Office) -> i64 {
    let row = office
        .app
        .db
        .one(sql!("SELECT count(*) AS count FROM file"), args![])
        .await
        .unwrap();
    row.get("count").unwrap()
}

#[tokio::test]
async fn ks_22_a_file_is_checked_and_forgotten() {
    let Desk {
        office,
        officer,
        file,
    } = desk().await;
    let page = officer.get("/signing/check").await.ok();
    assert!(page.text.contains("Kiểm tra chữ ký số"));
    let before = files(&office).await;
    let answer = officer
        .post_files("/signing/check", &[], &[("file", "quyet dinh.pdf", &file)])
        .await
        .ok();
    for words in ["HỢP LỆ", "Trần Văn Bình", "Chữ ký thứ 2 / 2", "quyet dinh.pdf"] {
        assert!(answer.text.contains(words), "“{words}” is missing");
    }
    assert_eq!(files(&office).await, before);
    assert!(!office.app.blobs.is_intact(Digest::of(&file)).await.unwrap());
    let mut changed = file.clone();
    let at = changed.windows(6).position(|found| found == b"stream").unwrap() + 10;
    changed[at] ^= 1;
    let answer = officer
        .post_files("/signing/check", &[], &[("file", "a.pdf", &changed)])
        .await
        .ok();
    assert!(answer.text.contains("KHÔNG HỢP LỆ"));
    assert!(answer.text.contains("đã bị thay đổi"));
}

#[tokio::test]
async fn ks_24_a_file_that_is_kept_is_its_senders_alone_and_no_sweep_takes_it() {
    let Desk {
        office,
        officer,
        file,
    } = desk().await;
    let answer = officer
        .post_files(
            "/signing/check",
            &[("keep", "on")],
            &[("file", "quyet_dinh.pdf", &file)],
        )
        .await;
    assert!(
        answer.location.starts_with("/signing/verdicts/file/"),
        "{}",
        answer.text
    );
    let report = officer.get(&answer.location).await.ok();
    assert!(report.text.contains("HỢP LỆ"));
    assert!(
        officer
            .get("/signing/check")
            .await
            .ok()
            .text
            .contains(&answer.location)
    );
    let clerk = office.person("anhltn.stttt").await;
    assert_eq!(clerk.get(&answer.location).await.status.as_u16(), 404);
    office
        .clock
        .set(office.app.clock.now() + jiff::SignedDuration::from_hours(9 * 24));
    crate::documents::sweep::sweep(&office.app, std::time::Duration::ZERO)
        .await
        .unwrap();
    assert!(office.app.blobs.is_intact(Digest::of(&file)).await.unwrap());
    let officer = office.person("annv.stttt").await;
    officer.get(&answer.location).await.ok();
    officer
        .post(&format!("{}/recheck", answer.location), &[])
        .await
        .ok();
}

#[tokio::test]
async fn qc01_1_2_a_file_with_a_mark_is_refused_and_what_is_no_pdf_is_not_checked() {
    let Desk {
        office,
        officer,
        file,
    } = desk().await;
    let named = officer
        .post_files("/signing/check", &[], &[("file", "TOI_MAT.pdf", &file)])
        .await;
    assert_eq!(named.status.as_u16(), 422);
    assert!(!named.text.contains("HỢP LỆ"));
    let tried = office
        .app
        .db
        .all(
            sql!("SELECT summary FROM journal WHERE act = 'secrecy.refused'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(tried.len(), 1);
    let answer = officer
        .post_files("/signing/check", &[], &[("file", "a.pdf", b"van ban")])
        .await;
    assert_eq!(answer.status.as_u16(), 422);
    assert!(answer.text.contains("không phải PDF"));
    let none = officer.post_files("/signing/check", &[], &[]).await;
    assert_eq!(none.status.as_u16(), 422);
}

#[tokio::test]
async fn ks_23_programs_get_the_same_report() {
    let Desk {
        office,
        officer,
        file,
    } = desk().await;
    let answer = officer
        .api_files("/api/v1/signing/check", &[("file", "a.pdf", &file)])
        .await
        .ok()
        .json();
    assert_eq!(answer["report"]["verdict"], "TOTAL-PASSED");
    assert_eq!(answer["report"]["signatures"].as_array().unwrap().len(), 2);
    assert!(answer["file"].is_null());
    let unsigned = officer
        .api_files("/api/v1/signing/check", &[("file", "b.pdf", &pdf("Thuong"))])
        .await
        .ok()
        .json();
    assert_eq!(unsigned["report"]["sub_reason"], "NO_SIGNATURE");
    drop(office);
}

#[tokio::test]
async fn qc01_8_3b_the_intake_keeps_a_signed_file_byte_by_byte() {
    // The whole desk lives as long as the test: the office's folder goes with it.
    let desk = desk().await;
    let (officer, file) = (&desk.officer, &desk.file);
    let stored = officer.api_upload("quyet dinh da ky.pdf", file).await.ok().json();
    let path = format!("/api/v1/files/{}", stored["id"].as_str().unwrap());
    assert_eq!(&officer.api_get(&path).await.ok().bytes, file);
}
