//! The sender's side of the history: the draft, its sign-offs, its number, its issue.

use demo_province::{Delivery, DocumentSketch, PARTNER_KEY_BASE, Province};
use jiff::{Timestamp, ToSpan, civil::Date};
use rules::{
    document_types,
    ids::{AgencyId, OutgoingId},
    legal_value::LegalValue,
    numbering::{self, IdentifierParts, IdentifierTemplate, SeriesRule},
    outgoing::{OutgoingEvent, OutgoingState},
    signing_authority::{self, Titles},
    urgency::Urgency,
};
use serde_json::{Value, json};
use store::args;
use the_thuc::{Body, Issuer, OfficialDocument, SignatureBlock};
use uuid::Uuid;

use super::{
    people::{HistoryIds, Kind, People, Person, instant},
    samples::Files,
    tables::{Line, Tables, owners},
};
use crate::{desk::place::Outgoing, outgoing};

/// Where a document of the history is written: by whom, with which ids, and the working day before.
pub struct Place<'a> {
    pub people: &'a People<'a>,
    pub circle: &'a Province,
    pub ids: HistoryIds,
    pub day_before: Date,
}

/// Số và ký hiệu, once taken.
pub struct Numbered {
    pub number: u32,
    pub symbol: String,
    series: String,
    document_code: Option<String>,
}

/// An issued document, as its recipients know it.
pub struct Issued {
    pub index: usize,
    pub id: OutgoingId,
    pub agency: AgencyId,
    pub agency_name: String,
    pub agency_code: Option<String>,
    pub number: String,
    pub symbol: String,
    pub issued_on: Date,
    pub type_key: &'static str,
    pub subject: String,
    pub folded_subject: String,
    pub urgency: Urgency,
    pub signer_name: String,
    pub signer_title: String,
    pub respond_by: Option<Date>,
    pub document_code: Option<String>,
    pub files: Files,
    pub issued_at: Timestamp,
}

/// The five hours of a document's way: drafted, submitted, content checked, form checked, approved.
struct Steps([Timestamp; 5]);

impl Place<'_> {
    fn id(&self, sketch: &DocumentSketch) -> OutgoingId {
        OutgoingId::from_uuid(self.ids.id(Kind::Outgoing, sketch.index, 0, 0))
    }

    fn symbol(&self, sketch: &DocumentSketch) -> anyhow::Result<String> {
        let kind = kind(sketch)?;
        let agency = self.people.agency(sketch.from)?;
        let unit = &self.circle.units[sketch.unit].abbr;
        numbering::symbol(kind, &agency.abbr, unit, sketch.issued_at.year())
            .map_err(|refusal| anyhow::anyhow!("{}", refusal.message))
    }

    /// Drafted and checked on the working day before, approved at its end.
    fn steps(&self, sketch: &DocumentSketch) -> Steps {
        let jitter = i64::try_from(sketch.index % 47).unwrap_or_default();
        let at = |minutes: i64| {
            let start = self.day_before.at(13, 35, 0, 0);
            instant(start.saturating_add((minutes + jitter).minutes()))
        };
        Steps([at(0), at(20), at(55), at(95), at(140)])
    }
}

fn kind(sketch: &DocumentSketch) -> anyhow::Result<&'static document_types::DocumentType> {
    document_types::by_key(sketch.type_key)
        .ok_or_else(|| anyhow::anyhow!("no kind of documents is called {}", sketch.type_key))
}

/// Takes the number of a document at its hour of issue.
///
/// # Errors
/// When the numbering refuses.
pub fn number(tables: &mut Tables, place: &Place<'_>, sketch: &DocumentSketch) -> anyhow::Result<Numbered> {
    let agency = place.people.agency(sketch.from)?;
    let symbol = place.symbol(sketch)?;
    let series = numbering::series_key(&SeriesRule::default(), kind(sketch)?);
    let date = sketch.issued_at.date();
    let number = tables.take_number(place.people.agency_id(sketch.from), &series, date)?;
    let document_code = Some(agency.code.as_str())
        .filter(|code| !code.is_empty())
        .map(|agency_code| {
            IdentifierTemplate::default().identifier(&IdentifierParts {
                agency_code,
                date,
                number,
                symbol: &symbol,
            })
        });
    Ok(Numbered {
        number,
        symbol,
        series,
        document_code,
    })
}

/// The document as it is laid out: a draft, when it has no number.
///
/// # Errors
/// When the kind or an agency is unknown, or a title for the signature is missing.
pub fn printed(
    place: &Place<'_>,
    sketch: &DocumentSketch,
    numbered: Option<&Numbered>,
) -> anyhow::Result<OfficialDocument> {
    let (kind, people) = (kind(sketch)?, place.people);
    let agency = people.agency(sketch.from)?;
    let issuer = Issuer {
        parent_name: agency.printed_parent.clone(),
        name: agency.name.clone(),
    };
    let subject = sketch.subject.clone();
    let heading = if kind.is_official_letter() {
        the_thuc::Kind::Letter { subject }
    } else {
        let name = kind.name.split(" (").next().unwrap_or(kind.name);
        the_thuc::Kind::Named {
            type_name: name.to_owned(),
            subject,
        }
    };
    let mut document =
        OfficialDocument::new(issuer, place.symbol(sketch)?, agency.place_name.clone(), heading);
    let mut names = sketch
        .recipients()
        .map(|to| Ok(people.agency(to)?.name.clone()))
        .collect::<anyhow::Result<Vec<_>>>()?;
    names.truncate(8);
    match numbered {
        Some(numbered) => {
            document.number = Some(numbering::printed_number(numbered.number));
            document.date = Some(sketch.issued_at.date());
        }
        None => document.blank_year = Some(sketch.issued_at.year()),
    }
    document.recipients = if kind.is_official_letter() || kind.key == "to_trinh" {
        document.addressees = names;
        vec!["Như trên".to_owned()]
    } else {
        names
    };
    if kind.key == "quyet_dinh" {
        let head = if agency.collective {
            agency.name.clone()
        } else {
            format!("{} {}", agency.head_title, agency.name)
        };
        document.authority_line = Some(viet_text::nfc(&head).to_uppercase());
    }
    document.body = Body::parse(&sketch.body.join("\n"));
    let signer = people.person(sketch.signer);
    let lines = signing_authority::lines(
        sketch.authority,
        &Titles {
            collective: "Ủy ban nhân dân",
            head: &agency.head_title,
            signer: &signer.title,
            unit_head: "",
        },
    );
    document.signature = SignatureBlock {
        lines: lines.map_err(|refusal| anyhow::anyhow!("{}", refusal.message))?,
        title_above_name: None,
        name: signer.name.clone(),
    };
    document.keep_line = Some(format!("VT, {}", place.circle.units[sketch.unit].abbr));
    document.urgency = match sketch.urgency {
        Urgency::Normal => None,
        Urgency::Urgent => Some(the_thuc::Urgency::Urgent),
        Urgency::VeryUrgent => Some(the_thuc::Urgency::VeryUrgent),
        Urgency::Express => Some(the_thuc::Urgency::Flash),
    };
    Ok(document)
}

/// Writes a draft that stands at one of the steps before issue.
///
/// # Errors
/// When an agency is unknown or the details are not JSON.
pub fn write_draft(
    tables: &mut Tables,
    place: &Place<'_>,
    sketch: &DocumentSketch,
    files: &Files,
) -> anyhow::Result<()> {
    const STATES: [OutgoingState; 5] = [
        OutgoingState::Draft,
        OutgoingState::ContentReview,
        OutgoingState::FormReview,
        OutgoingState::Approval,
        OutgoingState::Approved,
    ];
    let state = STATES[sketch.index % STATES.len()];
    row(tables, place, sketch, files, state, None)
}

/// Writes an issued document and gives it as its recipients know it, with their lines.
///
/// # Errors
/// As [`write_draft`].
pub fn write(
    tables: &mut Tables,
    place: &Place<'_>,
    sketch: DocumentSketch,
    numbered: Numbered,
    files: &Files,
) -> anyhow::Result<(Issued, Vec<Delivery>)> {
    row(
        tables,
        place,
        &sketch,
        files,
        OutgoingState::Issued,
        Some(&numbered),
    )?;
    let agency = place.people.agency(sketch.from)?;
    let signer = place.people.person(sketch.signer);
    let document = Issued {
        index: sketch.index,
        id: place.id(&sketch),
        agency: place.people.agency_id(sketch.from),
        agency_name: agency.name.clone(),
        agency_code: Some(agency.code.clone()).filter(|code| !code.is_empty()),
        number: numbering::printed_number(numbered.number),
        symbol: numbered.symbol,
        issued_on: sketch.issued_at.date(),
        type_key: sketch.type_key,
        folded_subject: viet_text::fold(&sketch.subject),
        subject: sketch.subject,
        urgency: sketch.urgency,
        signer_name: signer.name.clone(),
        signer_title: signer.title.clone(),
        respond_by: sketch.needs_reply_by,
        document_code: numbered.document_code,
        files: files.clone(),
        issued_at: instant(sketch.issued_at),
    };
    Ok((document, sketch.deliveries))
}

fn row(
    tables: &mut Tables,
    place: &Place<'_>,
    sketch: &DocumentSketch,
    files: &Files,
    state: OutgoingState,
    numbered: Option<&Numbered>,
) -> anyhow::Result<()> {
    let people = place.people;
    let id = place.id(sketch);
    let agency = people.agency_id(sketch.from);
    let (drafter, signer) = (people.person(sketch.drafter), people.person(sketch.signer));
    let Steps([drafted, submitted, content, form, approved]) = place.steps(sketch);
    let signed: &[(&str, Timestamp, usize, OutgoingEvent)] = &[
        (
            "content",
            content,
            sketch.unit_head,
            OutgoingEvent::ContentSignedOff,
        ),
        ("form", form, sketch.clerk, OutgoingEvent::FormSignedOff),
        ("approval", approved, sketch.signer, OutgoingEvent::Approved),
    ];
    let signed = match state {
        OutgoingState::Draft
        | OutgoingState::ContentReview
        | OutgoingState::Cancelled
        | OutgoingState::Voided => &signed[..0],
        OutgoingState::FormReview => &signed[..1],
        OutgoingState::Approval | OutgoingState::Signing => &signed[..2],
        OutgoingState::Approved | OutgoingState::Numbered | OutgoingState::Issued => signed,
    };
    let issued_at = numbered.map(|_| instant(sketch.issued_at));
    let acted_at = match (signed.last(), state) {
        (Some(step), _) => step.1,
        (None, OutgoingState::Draft) => drafted,
        (None, _) => submitted,
    };
    let updated_at = issued_at.unwrap_or(acted_at);
    let reply_to = sketch
        .reply_to
        .map(|asked| place.ids.id(Kind::Incoming, asked, sketch.from, 0));
    let issued_on = numbered.map(|_| sketch.issued_at.date());
    tables.outgoing.push(args![
        id,
        agency,
        people.seeded.units[&sketch.unit],
        drafter.post,
        signer.post,
        sketch.authority.as_str(),
        sketch.type_key,
        sketch.subject.as_str(),
        viet_text::fold(&sketch.subject),
        sketch.urgency.as_str(),
        sketch.needs_reply_by,
        reply_to,
        state.as_str(),
        Some(1_i64).filter(|_| signed.len() == 3),
        i64::try_from(signed.len())? + i64::from(numbered.is_some()) + 1,
        files.set,
        files.pages,
        numbered.map(|numbered| numbered.symbol.as_str()),
        numbered.map(|numbered| numbered.series.as_str()),
        numbered.map(|_| i64::from(sketch.issued_at.year())),
        numbered.map(|numbered| i64::from(numbered.number)),
        issued_on,
        issued_at,
        numbered.and_then(|numbered| numbered.document_code.clone()),
        LegalValue::ForReference.as_str(),
        drafted,
        updated_at,
        Some(approved).filter(|_| signed.len() == 3),
    ]);
    let content_json = version(place, sketch, reply_to)?;
    tables.outgoing_version.push(args![
        id,
        drafter.post,
        drafted,
        serde_json::to_string(&content_json)?,
        files.set
    ]);
    for (nth, (kind, at, post, _)) in signed.iter().enumerate() {
        let sign_off = place.ids.id(Kind::SignOff, sketch.index, 0, nth);
        tables
            .sign_off
            .push(args![sign_off, id, *kind, people.person(*post).post, *at]);
    }

    let facts = Outgoing {
        agency,
        state,
        urgency: sketch.urgency,
        updated_at,
        drafter: drafter.post,
        signer: signer.post,
        content_reviewers: people.heads_of_unit(sketch.unit).map(|head| head.post).collect(),
        co_drafters: Vec::new(),
        consulted: Vec::new(),
    };
    let places = facts.places();
    tables.put(id.as_uuid(), "outgoing", &places, |_| !state.is_open());
    let mut took_part = vec![(drafter.post, drafter.unit)];
    if !signed.is_empty() || state == OutgoingState::ContentReview {
        took_part.extend(
            people
                .heads_of_unit(sketch.unit)
                .map(|head| (head.post, head.unit)),
        );
    }
    if owners(&places).any(|owner| owner == signer.post) || state == OutgoingState::Approved {
        took_part.push((signer.post, signer.unit));
    }
    tables.participants(id.as_uuid(), &took_part);

    let mut from = OutgoingState::Draft;
    let mut journal =
        |at, who: &Person, event: OutgoingEvent, to: OutgoingState, note: Option<String>, more: Value| {
            let mut details = json!({ "from": from.as_str(), "to": to.as_str(), "version": 1, "note": note });
            if let (Some(all), Value::Object(more)) = (details.as_object_mut(), more) {
                all.extend(more);
            }
            from = to;
            tables.journal(Line {
                at,
                act: outgoing::act_name(event),
                who: Some(who),
                agency,
                object_kind: "outgoing",
                object: id.as_uuid(),
                summary: format!("{}.", event.label()),
                details,
            })
        };
    let saved = json!({ "subject": sketch.subject });
    journal(
        drafted,
        drafter,
        OutgoingEvent::DraftSaved,
        OutgoingState::Draft,
        None,
        saved,
    )?;
    if state != OutgoingState::Draft {
        journal(
            submitted,
            drafter,
            OutgoingEvent::Submitted,
            OutgoingState::ContentReview,
            None,
            Value::Null,
        )?;
    }
    let reached = [
        OutgoingState::FormReview,
        OutgoingState::Approval,
        OutgoingState::Approved,
    ];
    for ((_, at, post, event), to) in signed.iter().zip(reached) {
        journal(*at, people.person(*post), *event, to, None, Value::Null)?;
    }
    if let (Some(numbered), Some(at), Some(day)) = (numbered, issued_at, issued_on) {
        let printed = numbering::number_and_symbol(numbered.number, &numbered.symbol);
        let note = format!("Số {printed}, {}", the_thuc::day_in_words(day));
        let (inside, paper) = recipients(people, sketch)?;
        let more = json!({
            "issued": {
                "id": id, "number": numbered.number, "symbol": numbered.symbol, "number_and_symbol": printed,
                "issued_on": day, "document_code": numbered.document_code.as_deref().unwrap_or_default(),
            },
            "recipients": inside, "paper": paper.len(),
        });
        let clerk = people.person(sketch.clerk);
        journal(
            at,
            clerk,
            OutgoingEvent::Issued,
            OutgoingState::Issued,
            Some(note),
            more,
        )?;
    }
    Ok(())
}

/// Recipients inside the installation, and those on paper.
fn recipients(people: &People<'_>, sketch: &DocumentSketch) -> anyhow::Result<(Vec<AgencyId>, Vec<Value>)> {
    let inside = sketch
        .recipients()
        .filter(|to| *to < PARTNER_KEY_BASE)
        .map(|to| people.agency_id(to))
        .collect();
    let paper = sketch
        .recipients()
        .filter(|to| *to >= PARTNER_KEY_BASE)
        .map(|to| Ok(json!({ "name": people.agency(to)?.name, "reason": PAPER_REASON })))
        .collect::<anyhow::Result<_>>()?;
    Ok((inside, paper))
}

/// The one version, as drafts keep it.
fn version(place: &Place<'_>, sketch: &DocumentSketch, reply_to: Option<Uuid>) -> anyhow::Result<Value> {
    let people = place.people;
    let (inside, paper) = recipients(people, sketch)?;
    Ok(json!({
        "type_key": sketch.type_key,
        "subject": sketch.subject,
        "urgency": sketch.urgency,
        "respond_by": sketch.needs_reply_by,
        "signer": people.person(sketch.signer).post,
        "authority": sketch.authority,
        "reply_to": reply_to,
        "recipients": inside,
        "paper": paper,
        "field_abbr": "",
        "main": { "kind": "text", "text": sketch.body.join("\n") },
        "attachments": [],
    }))
}

/// Why a partner of the history gets paper.
pub const PAPER_REASON: &str = "Nơi nhận ngoài hệ thống";
