//! The files of a message: missing, twice, returned and sent again with one more signature.

use axis_emulator::{
    letter::{Business, File, Letter},
    partner::Command,
};
use serde_json::json;
use store::{args, sql};
use uuid::Uuid;

use super::{Axis, RECIPIENT};

const SENDER: &str = "G99";

fn letter(axis: &Axis) -> Letter {
    Letter::new(SENDER, &[RECIPIENT], "79", "SVD-VP").dated(axis.ours.app.clock.now())
}

fn sends(axis: &Axis, letter: &Letter) {
    let command = Command {
        from: SENDER.to_owned(),
        to: vec![RECIPIENT.to_owned()],
        xml: Some(letter.to_xml()),
        ..Command::default()
    };
    axis.emulator.partner_sends(&command).unwrap();
}

/// The three results of the check of a document: đầy đủ, toàn vẹn, and the state.
async fn checked(axis: &Axis, id: Uuid) -> [String; 3] {
    let row = axis
        .theirs
        .app
        .db
        .one(
            sql!("SELECT completeness, integrity, state FROM incoming WHERE id = $1"),
            args![id],
        )
        .await
        .unwrap();
    ["completeness", "integrity", "state"].map(|column| row.get(column).unwrap())
}

/// The names of its files.
async fn files(axis: &Axis, id: Uuid) -> Vec<String> {
    super::text(
        &axis.theirs,
        sql!(
            "SELECT f.name AS text FROM incoming d JOIN file_set_item i ON i.set_id = d.file_set JOIN file f ON f.id = i.file_id \
             WHERE d.id = $1 ORDER BY i.sort"
        ),
        args![id],
    )
    .await
}

#[tokio::test]
async fn cn_105_qd28_16_3_a_missing_attachment_fails_the_check_and_the_refusal_reaches_the_sender() {
    let axis = Axis::new().await;
    let mut letter = letter(&axis);
    letter.missing_files = vec!["phu_luc.pdf".to_owned()];
    sends(&axis, &letter);
    axis.settle_in_time().await;
    let id = axis.arrived().await[0];
    assert_eq!(checked(&axis, id).await[0], "failed");
    let clerk = axis.their_clerk().await;
    let at = format!("/api/v1/incoming/{id}");
    let silent = clerk.api(&format!("{at}/register"), &json!({})).await;
    assert_eq!(silent.status.as_u16(), 409);
    let reason = json!({ "reason": "Thiếu tệp phu_luc.pdf đã ghi trong gói tin" });
    clerk.api(&format!("{at}/refuse"), &reason).await.ok();
    axis.settle_in_time().await;
    let told = axis
        .packets()
        .into_iter()
        .find(|packet| packet.status_code.as_deref() == Some("02"))
        .unwrap();
    assert_eq!((told.from.as_str(), told.to.as_str()), (RECIPIENT, SENDER));
    assert!(told.title.contains("Thiếu tệp phu_luc.pdf"), "{}", told.title);
}

#[tokio::test]
async fn mod_sei_pen_897_156_the_same_file_twice_and_a_return_with_one_more_signature_pass() {
    let axis = Axis::new().await;
    let mut letter = letter(&axis);
    let main = letter.files[0].clone();
    letter.files.push(File {
        name: "ban-sao.pdf".to_owned(),
        ..main.clone()
    });
    letter.files.push(File::pdf("phu-luc.pdf", "Phu luc", 0));
    sends(&axis, &letter);
    axis.settle_in_time().await;
    let id = axis.arrived().await[0];
    assert_eq!(files(&axis, id).await.len(), 3);
    assert_eq!(checked(&axis, id).await, ["passed", "passed", "delivered"]);
    let clerk = axis.their_clerk().await;
    let reason = json!({ "reason": "Thiếu chữ ký của Phó Vụ trưởng" });
    clerk
        .api(&format!("/api/v1/incoming/{id}/refuse"), &reason)
        .await
        .ok();
    axis.settle_in_time().await;
    // A later signature is appended to the file: other bytes, the same document.
    let target = letter.document_id.clone();
    let mut again = letter.about(Business::Update, &target, "Đã bổ sung chữ ký");
    again.files[0]
        .bytes
        .extend_from_slice(b"\n% one more revision\n%%EOF\n");
    sends(&axis, &again);
    axis.settle_in_time().await;
    assert_eq!(axis.arrived().await, [id]);
    assert_eq!(checked(&axis, id).await, ["passed", "passed", "delivered"]);
    assert_eq!(files(&axis, id).await.len(), 3);
    let clerk = axis.their_clerk().await;
    clerk
        .api(
            &format!("/api/v1/incoming/{id}/register"),
            &json!({ "despite": "Đã đối chiếu với bên gửi" }),
        )
        .await
        .ok();
}
