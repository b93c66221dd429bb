//! The recipient's side of the history: delivery, registration, direction, handling, and what of it the sender hears.

use demo_province::{Answer, Delivery, PARTNER_KEY_BASE};
use jiff::{Timestamp, ToSpan, civil::Date};
use rules::{
    exchange::{DeliveryState, StatusCode},
    ids::{AgencyId, AssignmentId, IncomingId, PostId},
    incoming::{AssignmentRole, AssignmentState, IncomingEvent, IncomingState},
    legal_value::LegalValue,
    numbering::{self, ARRIVAL_SERIES},
};
use serde_json::json;
use store::args;
use uuid::Uuid;

use super::{
    issued::{Issued, PAPER_REASON},
    people::{HistoryIds, Kind, People, Person, instant},
    tables::{Tables, owners},
    told::Told,
};
use crate::{
    act_names,
    desk::{self, place},
};

/// One assignment on its way into the table.
struct Assignment<'a> {
    holder: &'a Person,
    parent: Option<AssignmentId>,
    given_by: PostId,
    role: AssignmentRole,
    instruction: &'a str,
    due_on: Option<Date>,
    state: AssignmentState,
    result: Option<&'a str>,
    given_at: Timestamp,
    done_at: Option<Timestamp>,
}

/// Writes one recipient's line of `document`; documents from the place `issued` on have not been issued. Gives
/// whether the document arrived at an agency of the installation.
///
/// # Errors
/// When the numbering refuses or an agency is unknown.
pub fn write(
    tables: &mut Tables,
    people: &People<'_>,
    ids: HistoryIds,
    issued: usize,
    document: &Issued,
    mut line: Delivery,
) -> anyhow::Result<bool> {
    let recipient = people.agency(line.to)?;
    let delivery = ids.id(Kind::Delivery, document.index, line.to, 0);
    if line.to >= PARTNER_KEY_BASE {
        tables.delivery.push(args![
            delivery,
            document.id,
            document.agency,
            None::<AgencyId>,
            recipient.name.as_str(),
            "paper",
            DeliveryState::Paper.as_str(),
            PAPER_REASON,
            None::<i64>,
            document.issued_at,
            document.issued_at,
        ]);
        return Ok(false);
    }
    if matches!(&line.finished, Some(finished) if matches!(finished.answer, Answer::Document(answer) if answer >= issued))
    {
        line.finished = None;
    }
    let agency = people.agency_id(line.to);
    let Some(delivered_at) = line.delivered_at.map(instant) else {
        // The packet never reached the recipient: the line has failed, and no order waits for it in the outbox.
        tables.delivery.push(args![
            delivery,
            document.id,
            document.agency,
            agency,
            recipient.name.as_str(),
            "internal",
            DeliveryState::Failed.as_str(),
            "Chưa kết nối được hệ thống của nơi nhận",
            None::<i64>,
            None::<Timestamp>,
            document.issued_at,
        ]);
        return Ok(false);
    };
    let incoming = IncomingId::from_uuid(ids.id(Kind::Incoming, document.index, line.to, 0));
    let mut told = Told {
        tables,
        ids,
        document,
        line: line.to,
        recipient: &recipient.name,
        agency,
        incoming: incoming.as_uuid(),
        delivery,
        events: 0,
    };
    told.sender(
        delivered_at,
        act_names::SEND,
        format!("Gửi đến {}.", recipient.name),
        json!({ "delivery": delivery, "state": DeliveryState::Sent }),
    )?;
    told.journal(
        delivered_at,
        act_names::ARRIVE,
        None,
        format!(
            "{}: {} gửi {}/{}",
            IncomingEvent::Delivered.label(),
            document.agency_name,
            document.number,
            document.symbol
        ),
        json!({ "origin": delivery, "announced": document.files.announced }),
    )?;
    told.event(delivered_at, StatusCode::Arrived, "", None)?;

    let mut state = IncomingState::Delivered;
    let mut updated_at = delivered_at;
    let (mut arrival, mut presented_to, mut reason) = (None, None, None);
    if let Some(refused) = &line.refused {
        let clerk = people.person(refused.clerk);
        (state, updated_at, reason) = (IncomingState::Refused, instant(refused.at), Some(refused.reason));
        told.event(updated_at, StatusCode::Refused, refused.reason, Some(clerk))?;
        let details = json!({ "note": refused.reason });
        let summary = IncomingEvent::Refused.label().to_owned();
        told.journal(updated_at, act_names::REFUSE, Some(clerk), summary, details)?;
    }
    if let Some(registered) = &line.registered {
        let clerk = people.person(registered.clerk);
        let day = registered.at.date();
        let number = told.tables.take_number(agency, ARRIVAL_SERIES, day)?;
        arrival = Some((number, day));
        (state, updated_at) = (IncomingState::Registered, instant(registered.at));
        let printed = numbering::printed_number(number);
        let description = format!("Đã tiếp nhận, số đến {printed}");
        told.event(updated_at, StatusCode::Received, &description, Some(clerk))?;
        let summary = format!("{}, số đến {printed}", IncomingEvent::Registered.label());
        let details = json!({ "arrival_number": number, "year": day.year(), "arrived_on": day });
        told.journal(updated_at, act_names::REGISTER, Some(clerk), summary, details)?;

        // Every directed document was presented; of the others every second one waits with the head of the agency.
        let leader = match &line.directed {
            Some(directed) => Some(people.person(directed.leader)),
            None => people
                .head_of_agency(line.to)
                .filter(|_| document.index.is_multiple_of(2)),
        };
        if let Some(leader) = leader {
            let at = updated_at;
            (state, presented_to) = (IncomingState::Presented, Some(leader.post));
            let summary = format!("{}: {}", IncomingEvent::Presented.label(), leader.name);
            let details = json!({ "leader": leader.post });
            told.journal(at, act_names::PRESENT, Some(clerk), summary, details)?;
        }
    }

    let mut assignments = Vec::new();
    let mut lead_post = None;
    let (mut finished_at, mut result) = (None, None);
    if let Some(directed) = &line.directed {
        let leader = people.person(directed.leader);
        let at = instant(directed.at);
        (state, updated_at) = (IncomingState::Assigned, at);
        let lead_head = match &line.assigned {
            Some(assigned) => Some(people.person(assigned.unit_head)),
            None => people.heads_of_unit(directed.unit).next(),
        };
        let lead_head = lead_head.unwrap_or(leader);
        told.event(
            at,
            StatusCode::Assigned,
            StatusCode::Assigned.label(),
            Some(leader),
        )?;
        let summary = format!("{}, chủ trì: {}", IncomingEvent::Directed.label(), lead_head.name);
        let details = json!({ "note": directed.text, "lead": lead_head.post, "due_on": directed.due });
        told.journal(at, act_names::DIRECT, Some(leader), summary, details)?;
        assignments.push(Assignment {
            holder: lead_head,
            parent: None,
            given_by: leader.post,
            role: AssignmentRole::Lead,
            instruction: &directed.text,
            due_on: directed.due,
            state: AssignmentState::Open,
            result: None,
            given_at: at,
            done_at: None,
        });
        lead_post = Some(lead_head.post);
        // Who works together has a deadline (ND30-23.2).
        for unit in directed.cooperating.iter().filter(|_| directed.due.is_some()) {
            let head = people.heads_of_unit(*unit).next();
            if let Some(holder) = head.filter(|head| head.post != lead_head.post) {
                assignments.push(Assignment {
                    holder,
                    parent: None,
                    given_by: leader.post,
                    role: AssignmentRole::Cooperate,
                    instruction: &directed.text,
                    due_on: directed.due,
                    state: AssignmentState::Open,
                    result: None,
                    given_at: at,
                    done_at: None,
                });
            }
        }
        if let Some(assigned) = &line.assigned {
            let officer = people.person(assigned.officer);
            updated_at = instant(assigned.at);
            if officer.post != lead_head.post {
                assignments[0].state = AssignmentState::PassedDown;
                lead_post = Some(officer.post);
                assignments.push(Assignment {
                    holder: officer,
                    parent: Some(AssignmentId::from_uuid(told.id(Kind::Assignment, 0))),
                    given_by: lead_head.post,
                    role: AssignmentRole::Lead,
                    instruction: assigned.text,
                    due_on: directed.due,
                    state: AssignmentState::Open,
                    result: None,
                    given_at: updated_at,
                    done_at: None,
                });
            }
            let summary = format!("{}: {}", IncomingEvent::PassedDown.label(), officer.name);
            let details = json!({ "note": assigned.text, "lead": officer.post });
            told.journal(
                updated_at,
                act_names::PASS_DOWN,
                Some(lead_head),
                summary,
                details,
            )?;
            if let Some(started) = line.started_at {
                (state, updated_at) = (IncomingState::InProgress, instant(started));
                let code = StatusCode::InProgress;
                told.event(updated_at, code, code.label(), Some(officer))?;
                let summary = IncomingEvent::Started.label().to_owned();
                told.journal(updated_at, act_names::START, Some(officer), summary, json!({}))?;
            }
        }
    }
    if let Some(finished) = &line.finished {
        let officer = people.person(finished.officer);
        let note = match finished.answer {
            Answer::Note(note) => note,
            Answer::Document(_) => "Đã có văn bản trả lời",
        };
        (state, updated_at) = (IncomingState::Finished, instant(finished.at));
        (finished_at, result) = (Some(updated_at), Some(note));
        for assignment in &mut assignments {
            assignment.done_at = finished_at;
            assignment.state = match assignment.role {
                AssignmentRole::Lead => AssignmentState::Done,
                _ => AssignmentState::Closed,
            };
            assignment.result = result.filter(|_| assignment.holder.post == officer.post);
        }
        told.event(
            updated_at,
            StatusCode::Finished,
            StatusCode::Finished.label(),
            Some(officer),
        )?;
        let summary = IncomingEvent::Finished.label().to_owned();
        told.journal(
            updated_at,
            act_names::FINISH,
            Some(officer),
            summary,
            json!({ "note": note }),
        )?;
    }

    let facts = place::Incoming {
        agency,
        state,
        urgency: document.urgency,
        delivered_at,
        updated_at,
        presented_to,
        assignments: assignments.iter().map(Assignment::place).collect(),
        asked_at: None,
        extensions: Vec::new(),
    };
    let places = facts.places();
    let mut took_part: Vec<_> = owners(&places).map(|post| (post, None)).collect();
    for part in &mut took_part {
        part.1 = assignments
            .iter()
            .find(|assignment| assignment.holder.post == part.0)
            .and_then(|assignment| assignment.holder.unit);
    }
    // What came within the last hour of the document's life has not been opened yet.
    let fresh = updated_at.saturating_sub(1.hour()).unwrap_or(updated_at);
    let seen = |place: &place::Place| {
        place.desk_box == desk::DeskBox::Handled
            || state == IncomingState::InProgress
            || assignments.iter().any(|assignment| {
                assignment.holder.post.as_uuid() == place.owner && assignment.given_at < fresh
            })
    };
    let tables = told.tables;
    tables.put(incoming.as_uuid(), "incoming", &places, seen);
    tables.participants(incoming.as_uuid(), &took_part);
    for (nth, assignment) in assignments.iter().enumerate() {
        let id = ids.id(Kind::Assignment, document.index, line.to, nth);
        tables.assignment.push(assignment.row(id, incoming, agency));
    }
    let delivery_state = match state {
        IncomingState::Delivered => DeliveryState::Arrived,
        IncomingState::Refused => DeliveryState::Refused,
        IncomingState::Registered | IncomingState::Presented => DeliveryState::Received,
        IncomingState::Assigned => DeliveryState::Assigned,
        IncomingState::InProgress => DeliveryState::InProgress,
        IncomingState::Finished | IncomingState::Recalled => DeliveryState::Finished,
    };
    tables.delivery.push(args![
        delivery,
        document.id,
        document.agency,
        agency,
        recipient.name.as_str(),
        "internal",
        delivery_state.as_str(),
        reason,
        arrival.map(|(number, _)| i64::from(number)),
        document.issued_at,
        updated_at,
    ]);
    // Files are there as announced, nothing is signed digitally; the checks are made when the clerk accepts.
    let checked = if state == IncomingState::Delivered {
        ("unknown", "unknown")
    } else {
        ("passed", "passed")
    };
    tables.incoming.push(args![
        incoming,
        agency,
        delivery,
        document.agency,
        document.agency_name.as_str(),
        document.agency_code.as_deref(),
        document.number.as_str(),
        document.symbol.as_str(),
        document.issued_on,
        document.type_key,
        document.subject.as_str(),
        document.folded_subject.as_str(),
        document.urgency.as_str(),
        document.signer_name.as_str(),
        document.signer_title.as_str(),
        document.respond_by,
        document.document_code.as_deref(),
        document.files.set,
        document.files.pages,
        checked.0,
        checked.1,
        "unknown",
        LegalValue::ForReference.as_str(),
        state.as_str(),
        i64::try_from(told.events)?,
        delivered_at,
        arrival.map(|_| ARRIVAL_SERIES),
        arrival.map(|(_, day)| i64::from(day.year())),
        arrival.map(|(number, _)| i64::from(number)),
        arrival.map(|(_, day)| day),
        presented_to,
        lead_post,
        line.directed.as_ref().and_then(|directed| directed.due),
        reason,
        result,
        finished_at,
        updated_at,
    ]);
    Ok(true)
}

impl Assignment<'_> {
    fn place(&self) -> place::Assigned {
        place::Assigned {
            post: self.holder.post,
            is_first_level: self.parent.is_none(),
            role: self.role,
            state: self.state,
            due_on: self.due_on,
            given_at: self.given_at,
            given_by: self.given_by,
            seen: true,
            told: false,
        }
    }

    fn row(&self, id: Uuid, incoming: IncomingId, agency: AgencyId) -> Vec<store::Arg> {
        args![
            id,
            incoming,
            self.parent,
            self.given_by,
            self.holder.post,
            self.holder.unit,
            self.role.as_str(),
            self.instruction,
            self.due_on,
            self.state.as_str(),
            self.result,
            self.given_at,
            self.done_at.map(|_| self.given_at),
            self.done_at,
            agency,
        ]
    }
}
