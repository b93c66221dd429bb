//! Dấu chỉ bí mật nhà nước (Điều 1.2): a document refused for its mark changes nothing, but that it was tried is in
//! the journal: who, when, which act, which file or field; never the content.

use rules::{
    Refusal,
    ids::{AgencyId, CommandId},
    secrecy::{SecretMarks, refuse_state_secret},
};
use serde_json::json;
use store::{Act, Begun, Digest, Entry};
use uuid::Uuid;

use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
};

/// The code of the refusal, whatever clause it names.
const CODE: &str = "secrecy.state_secret";

/// Whether a refusal is about a mark of state secrecy.
pub fn is_mark(refusal: &Refusal) -> bool {
    refusal.code == CODE
}

/// What was tried.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The act, as the journal would have named it: `incoming.register_paper`; or the route, before any act began.
    pub act: &'a str,
    /// The act in Vietnamese, after “khi”: `vào sổ văn bản giấy`.
    pub doing: &'static str,
    /// Kind of the object: `incoming`, `outgoing`, `file`.
    pub object_kind: &'static str,
    /// The object, when there was one before.
    pub object: Option<Uuid>,
    /// The file with the mark: its name as sent, its digest.
    pub file: Option<(&'a str, Digest)>,
}

impl Attempt<'_> {
    fn entry(&self, fresh: Uuid, agency: Option<AgencyId>, refusal: &Refusal) -> Entry {
        Entry {
            act: act_names::SECRET_REFUSED,
            object_kind: self.object_kind,
            object: self.object.unwrap_or(fresh),
            agency,
            summary: format!("Từ chối vì có dấu chỉ bí mật nhà nước khi {}.", self.doing),
            details: json!({
                "tried": self.act, "clause": refusal.clause, "field": refusal.field,
                "file_name": self.file.map(|(name, _)| name),
                "sha256": self.file.map(|(_, digest)| digest.to_string()),
            }),
        }
    }
}

/// Passes `outcome` on. When it is a refusal for a mark, the attempt of `who` is in the journal first, in an act of
/// its own: the one that was tried is undone.
///
/// # Errors
/// Those of `outcome`; when the database fails.
pub async fn journal_refusal<T>(
    app: &App,
    who: &Who,
    attempt: Attempt<'_>,
    outcome: AppResult<T>,
) -> AppResult<T> {
    if let Err(AppError::Refused(refusal)) = &outcome
        && is_mark(refusal)
    {
        let command = CommandId::from_uuid(app.ids.next());
        if let Begun::Now(mut act) = app.begin::<()>(who, command).await? {
            let entry = attempt.entry(act.new_id(), None, refusal);
            act.journal(entry).await?;
            app.commit(act, &()).await?;
        }
    }
    outcome
}

/// Routes whose acts look for marks themselves, in all that they know (symbols, files, the declared level), and show the form
/// again with what was typed.
const LOOK_THEMSELVES: [&str; 11] = [
    "/outgoing",
    "/outgoing/{id}/edit",
    "/outgoing/{id}/consultations",
    "/outgoing/{id}/consultations/{consultation}/reply",
    "/incoming/{id}/register",
    "/incoming/paper",
    "/incoming/unopened",
    "/incoming/unopened/{id}/hand-back",
    "/incoming/{id}/dossiers",
    "/slips",
    "/slips/{id}/edit",
];

/// The one door of everything that people and programs write in forms and JSON, whichever act it is for: a text with a mark is
/// refused before the act begins, and the attempt is in the journal.
///
/// # Errors
/// The refusal of [`refuse_state_secret`]; when the database fails.
pub async fn at_the_door(app: &App, who: &Who, route: &str, texts: &[&str]) -> AppResult<()> {
    let page = route.strip_prefix("/api/v1").unwrap_or(route);
    if LOOK_THEMSELVES.contains(&page) {
        return Ok(());
    }
    let outcome = refuse_state_secret(&SecretMarks {
        texts,
        ..SecretMarks::default()
    });
    let attempt = Attempt {
        act: route,
        doing: "gửi nội dung vào hệ thống",
        object_kind: "request",
        object: None,
        file: None,
    };
    journal_refusal(app, who, attempt, outcome.map_err(AppError::from)).await
}

/// The same for what the hub brings to `agency`, if one is known: the entry stands in the act that answers the sender.
///
/// # Errors
/// When the database fails.
pub async fn journal_refused_packet(
    act: &mut Act,
    agency: Option<AgencyId>,
    attempt: Attempt<'_>,
    refusal: &Refusal,
) -> AppResult<()> {
    let entry = attempt.entry(act.new_id(), agency, refusal);
    Ok(act.journal(entry).await?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::{args, sql};

    use super::*;
    use crate::testing::Office;

    async fn tried(office: &Office) -> Vec<serde_json::Value> {
        office
            .app
            .db
            .all(
                sql!("SELECT details FROM journal WHERE act = 'secrecy.refused' ORDER BY seq"),
                args![],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| row.json("details").unwrap())
            .collect()
    }

    #[tokio::test]
    async fn qc01_1_2_a_mark_in_any_text_is_refused_before_its_act_begins() {
        let office = Office::new().await;
        let clerk = office.person("nhungpth.ubnd").await;
        let secret = "TUYỆT MẬT\nPhương án tác chiến";
        // Texts of the book of kept copies, of copies, of an answer; nothing of the document is asked before.
        let fields = [
            ("document", "01/QĐ-UBND"),
            ("of_year", "2026"),
            ("user", "An"),
            ("note", secret),
        ];
        let page = clerk.post("/registers/kept-copies", &fields).await;
        assert!(page.text.contains("Phát hiện dấu chỉ độ mật"), "{}", page.text);
        let copy = json!({ "kind": "trich_sao", "extract": secret, "recipients": ["Phòng Nội vụ"] });
        let by_program = clerk.api("/api/v1/registers/copies", &copy).await;
        assert_eq!(by_program.json()["clause"], "QC01-1.2");
        let nested = json!({ "recipients": ["Sở Nội vụ", "MẬT"] });
        let by_program = clerk.api("/api/v1/registers/copies", &nested).await;
        assert_eq!(by_program.json()["code"], CODE);
        let harmless = json!({ "recipients": ["Ban Cơ yếu, phòng Bảo mật"] });
        let other = clerk.api("/api/v1/registers/copies", &harmless).await;
        assert_ne!(other.json()["code"], CODE);
        let tried = tried(&office).await;
        let routes: Vec<_> = tried.iter().map(|one| one["tried"].as_str().unwrap()).collect();
        assert_eq!(
            routes,
            [
                "/registers/kept-copies",
                "/api/v1/registers/copies",
                "/api/v1/registers/copies"
            ]
        );
        assert!(!tried.iter().any(|one| one.to_string().contains("tác chiến")));
    }

    #[test]
    fn routes_that_look_themselves_are_routes() {
        let source = [
            include_str!("../outgoing/drafting/mod.rs"),
            include_str!("../incoming/mod.rs"),
            include_str!("../slips/mod.rs"),
        ];
        for route in LOOK_THEMSELVES {
            let quoted = format!("\"{route}\"");
            assert!(source.iter().any(|text| text.contains(&quoted)), "{route}");
        }
    }
}
