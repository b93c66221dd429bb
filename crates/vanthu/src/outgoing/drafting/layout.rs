//! From the fields of a version to the parts of an official document (thể thức, NĐ 30 Phụ lục I).

use jiff::civil::Date;
use rules::{
    document_types::DocumentType,
    exchange::Purpose,
    ids::{AgencyId, UnitId},
    numbering,
    signing_authority::Authority,
    urgency::Urgency,
};
use store::{args, sql};
use the_thuc::{Body, Issuer, Kind, OfficialDocument, Reference, SignatureBlock, read_decision_markdown};

use super::{
    content::{Content, is_addressed, may_be_whole_decision, printed_type},
    template,
};
use crate::{
    context::App,
    error::AppResult,
    outgoing::signing::authority::{self, Issuing, Signer},
};

/// After the name of a recipient that is only to know.
pub const TO_KNOW: &str = "(để biết)";

/// What is printed besides the content itself, read once before an act.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The issuing agency.
    pub agency: Issuing,
    /// Everybody who may sign.
    pub signers: Vec<Signer>,
    /// Viết tắt of the drafting unit.
    pub unit_abbr: String,
    /// Names of the recipients in the installation, in the order of [`Content::agencies`].
    pub recipients: Vec<(String, Purpose)>,
}

/// Reads what stands around a content.
///
/// # Errors
/// When the database fails.
pub async fn surroundings(
    app: &App,
    agency: AgencyId,
    unit: Option<UnitId>,
    content: &Content,
) -> AppResult<Surroundings> {
    let unit_abbr = match unit {
        Some(unit) => app
            .db
            .one(sql!("SELECT abbr FROM unit WHERE id = $1"), args![unit])
            .await?
            .get("abbr")?,
        None => String::new(),
    };
    let mut recipients = Vec::new();
    for (id, purpose) in content.agencies() {
        let row = app
            .db
            .opt(sql!("SELECT name FROM agency WHERE id = $1"), args![id])
            .await?;
        let name = row.map(|row| row.get::<String>("name")).transpose()?;
        recipients.extend(name.map(|name| (name, purpose)));
    }
    Ok(Surroundings {
        agency: authority::issuing(app, agency).await?,
        signers: authority::signers(app, agency).await?,
        unit_abbr,
        recipients,
    })
}

impl Surroundings {
    /// The symbol of this content in `year` (PL1-3b).
    ///
    /// # Errors
    /// `PL1-3b` when an abbreviation is missing.
    pub fn symbol(&self, content: &Content, kind: &DocumentType, year: i16) -> AppResult<String> {
        let own = content.field_abbr.trim();
        let abbr = if own.is_empty() { &self.unit_abbr } else { own };
        Ok(numbering::symbol(kind, &self.agency.abbr, abbr, year)?)
    }

    /// The document to lay out. Without `number` and `date` it is a preview that leaves room for them.
    ///
    /// # Errors
    /// A refusal when the signer or a title is missing.
    pub fn document(
        &self,
        content: &Content,
        kind: &DocumentType,
        number: Option<u32>,
        date: Option<Date>,
        year: i16,
    ) -> AppResult<OfficialDocument> {
        let symbol = self.symbol(content, kind, year)?;
        let signer = authority::named(&self.signers, content.signer)?;
        let issuer = Issuer {
            parent_name: self.agency.printed_parent.clone(),
            name: self.agency.name.clone(),
        };
        let heading = if kind.is_official_letter() {
            let subject = content.subject.trim();
            let subject = subject.strip_prefix("V/v").unwrap_or(subject).trim();
            Kind::Letter {
                subject: subject.to_owned(),
            }
        } else {
            Kind::Named {
                type_name: printed_type(kind).to_owned(),
                subject: content.subject.clone(),
            }
        };
        let mut document = OfficialDocument::new(issuer, symbol, self.agency.place.as_str(), heading);
        document.number = number.map(numbering::printed_number);
        document.date = date;
        document.blank_year = Some(year);
        document.signature = SignatureBlock {
            lines: authority::printed_lines(&self.agency, &self.signers, signer, content.authority)?,
            title_above_name: None,
            name: signer.name.clone(),
        };
        document.urgency = match content.urgency {
            Urgency::Normal => None,
            Urgency::Urgent => Some(the_thuc::Urgency::Urgent),
            Urgency::VeryUrgent => Some(the_thuc::Urgency::VeryUrgent),
            Urgency::Express => Some(the_thuc::Urgency::Flash),
        };
        document.keep_line = Some(if self.unit_abbr.is_empty() {
            "VT".to_owned()
        } else {
            format!("VT, {}", self.unit_abbr)
        });
        (document.addressees, document.recipients) = self.addressed(content, kind);
        self.fill_body(&mut document, content, kind);
        template::fill(&mut document, content, kind, signer);
        Ok(document)
    }

    /// `Kính gửi` and `Nơi nhận` (PL1-5b, PL1-9): a letter goes to those who are to act, and names below who else is to
    /// know; every other document names all below.
    fn addressed(&self, content: &Content, kind: &DocumentType) -> (Vec<String>, Vec<String>) {
        let outside = content
            .axis
            .iter()
            .map(|recipient| (recipient.name.clone(), recipient.purpose));
        let on_paper = content
            .paper
            .iter()
            .map(|paper| (paper.name.clone(), paper.purpose));
        let (act, know): (Vec<_>, Vec<_>) = self
            .recipients
            .iter()
            .cloned()
            .chain(outside)
            .chain(on_paper)
            .partition(|(_, purpose)| *purpose == Purpose::Act);
        let act: Vec<String> = act.into_iter().map(|(name, _)| name).collect();
        let to_know = know.iter().map(|(name, _)| format!("{name} {TO_KNOW}"));
        let as_above = "Như trên".to_owned();
        if !is_addressed(kind) {
            (Vec::new(), act.into_iter().chain(to_know).collect())
        } else if act.is_empty() {
            // A letter that only informs is still addressed to somebody.
            (know.into_iter().map(|(name, _)| name).collect(), vec![as_above])
        } else {
            (act, std::iter::once(as_above).chain(to_know).collect())
        }
    }

    fn fill_body(&self, document: &mut OfficialDocument, content: &Content, kind: &DocumentType) {
        let text = content.main.text();
        if !may_be_whole_decision(kind) {
            document.body = Body::parse(text);
            return;
        }
        document.authority_line = Some(self.authority_line(content.authority));
        let parsed = read_decision_markdown(text);
        if parsed.title.is_empty() {
            document.body = Body::parse(text);
            return;
        }
        document.body = parsed.content();
        if parsed.authority_line.is_some() {
            document.authority_line = parsed.authority_line;
        }
        if !parsed.recipients.is_empty() {
            document.recipients = parsed.recipients;
        }
        if parsed.keep_line.is_some() {
            document.keep_line = parsed.keep_line;
        }
        document.parts = parsed
            .attached
            .map(the_thuc::ParsedPart::into_part)
            .into_iter()
            .collect();
        for part in &mut document.parts {
            // Number and date of the decision are given at issue, whatever the pasted text says.
            part.reference = Reference::Filled;
        }
    }

    /// Thẩm quyền ban hành of a decision: the collective, or its head in their own name.
    fn authority_line(&self, authority: Authority) -> String {
        let by_collective = matches!(authority, Authority::Tm | Authority::TmKt);
        if by_collective {
            self.agency.name.to_uppercase()
        } else {
            format!("{} {}", self.agency.head_title, self.agency.name).to_uppercase()
        }
    }
}

/// The trích yếu that a pasted whole decision carries, when the form leaves it empty.
pub fn subject_of_text(kind: &DocumentType, text: &str) -> Option<String> {
    if !may_be_whole_decision(kind) {
        return None;
    }
    let subject = read_decision_markdown(text).subject;
    (!subject.trim().is_empty()).then_some(subject)
}
