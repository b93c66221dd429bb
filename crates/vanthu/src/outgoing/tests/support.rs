//! The people of UBND tỉnh and what they write.

use serde_json::{Value, json};

use crate::testing::{Office, Person};

/// A decision as a chuyên viên pastes it.
pub const DECISION: &str = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;\n\
    Theo đề nghị của Giám đốc Sở Thông tin và Truyền thông.\nQUYẾT ĐỊNH:\n\
    Điều 1. Ban hành kế hoạch chuyển đổi số năm 2026.\n\
    Điều 2. Quyết định này có hiệu lực kể từ ngày ký.";

/// UBND tỉnh at work.
pub struct Committee {
    pub office: Office,
    /// Chuyên viên Phòng Khoa giáo - Văn xã.
    pub officer: Person,
    /// Trưởng phòng Khoa giáo - Văn xã.
    pub head: Person,
    /// Chủ tịch.
    pub chair: Person,
    /// Phó Chủ tịch.
    pub deputy: Person,
    /// Văn thư.
    pub clerk: Person,
    /// Văn thư of another agency.
    pub outsider: Person,
}

impl Committee {
    pub async fn new() -> Self {
        Self::of(Office::new().await).await
    }

    /// The committee at this moment, RFC 3339.
    pub async fn at(moment: &str) -> Self {
        let office = Office::new().await;
        office.clock.set(moment.parse().unwrap());
        Self::of(office).await
    }

    async fn of(office: Office) -> Self {
        Self {
            officer: office.person("quangnd.ubnd").await,
            head: office.person("thaobtp.ubnd").await,
            chair: office.person("khaitq.ubnd").await,
            deputy: office.person("tamltm.ubnd").await,
            clerk: office.person("nhungpth.ubnd").await,
            outsider: office.person("anhltn.stttt").await,
            office,
        }
    }

    /// A draft of a decision to Sở Thông tin và Truyền thông, signed by the chair.
    pub fn decision(&self) -> Value {
        json!({
            "type_key": "quyet_dinh",
            "subject": "Ban hành kế hoạch chuyển đổi số năm 2026",
            "main_text": DECISION,
            "recipients": [self.outsider.agency],
        })
    }

    /// Writes a draft and gives its address in the API.
    pub async fn draft(&self, body: &Value) -> String {
        let answer = self.officer.api("/api/v1/outgoing", body).await.ok();
        format!("/api/v1/outgoing/{}", answer.json()["id"].as_str().unwrap())
    }

    /// Carries a draft up to the given state.
    pub async fn carry(&self, at: &str, to: &str) {
        self.steps(at, 0, to).await;
    }

    /// The same for a document whose content is to be checked.
    pub async fn carry_from_content_review(&self, at: &str) {
        self.steps(at, 1, "approved").await;
    }

    /// The same for a document whose form is to be checked.
    pub async fn carry_from_form_review(&self, at: &str, to: &str) {
        self.steps(at, 2, to).await;
    }

    async fn steps(&self, at: &str, from: usize, to: &str) {
        let steps: [(&str, &Person, &str); 4] = [
            ("content_review", &self.officer, "submit"),
            ("form_review", &self.head, "sign-off-content"),
            ("approval", &self.clerk, "sign-off-form"),
            ("approved", &self.chair, "approve"),
        ];
        for (state, person, act) in &steps[from..] {
            let moved = person.api(&format!("{at}/{act}"), &json!({})).await.ok().json();
            assert_eq!(moved["state"], *state);
            if *state == to {
                return;
            }
        }
    }

    /// A draft that was approved.
    pub async fn approved(&self) -> String {
        let at = self.draft(&self.decision()).await;
        self.carry(&at, "approved").await;
        at
    }

    /// The document as somebody sees it.
    pub async fn seen(&self, by: &Person, at: &str) -> Value {
        by.api_get(at).await.ok().json()
    }
}
