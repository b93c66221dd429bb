//! What became of a document at each recipient, up to the end of the period.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use crate::directives::{assignment, directive, refusal, result};
use crate::index::{Desk, Office, UnitDesk};
use crate::model::PARTNER_KEY_BASE;
use crate::rng::Rng;
use crate::schedule::Schedule;
use crate::sketch::{Answer, Assigned, Delivery, Directed, Finished, Purpose, Refused, Registered};

/// What is known of a document when its deliveries are made.
pub(crate) struct Sent {
    pub(crate) issued_at: DateTime,
    pub(crate) urgent: bool,
    /// Whether the recipients have something to do, or only to know.
    pub(crate) acts: bool,
    pub(crate) needs_reply_by: Option<Date>,
    /// How many documents of the history are newer.
    pub(crate) newer: usize,
}

/// The newest documents of a history: whatever its size and the day on which it ends, everybody finds some of them waiting
/// on their desk.
const WAITING: usize = 60;

/// How far the newest documents have come: the younger, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Arrived,
    Registered,
    Directed,
    Assigned,
    Started,
    Finished,
}

fn stage(rng: &mut Rng, newer: usize) -> Stage {
    if newer >= WAITING {
        return Stage::Finished;
    }
    match newer * 4 / WAITING {
        0 => rng.weighted(&[(Stage::Arrived, 5), (Stage::Registered, 4), (Stage::Directed, 1)]),
        1 => rng.weighted(&[(Stage::Registered, 3), (Stage::Directed, 4), (Stage::Assigned, 3)]),
        2 => rng.weighted(&[(Stage::Directed, 3), (Stage::Assigned, 4), (Stage::Started, 3)]),
        _ => rng.weighted(&[(Stage::Assigned, 2), (Stage::Started, 4), (Stage::Finished, 4)]),
    }
}

/// The answer that one recipient gives by a document of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reply {
    /// Index of the answer.
    pub(crate) index: usize,
    pub(crate) issued_at: DateTime,
    /// Place in the desk's units and officer who drafts it.
    pub(crate) unit: usize,
    pub(crate) officer: usize,
}

/// The line of one recipient; `reply` when it answers with a document within the history.
pub(crate) fn delivery(
    rng: &mut Rng,
    office: &Office<'_>,
    schedule: &Schedule,
    to: usize,
    sent: &Sent,
    reply: Option<Reply>,
) -> Delivery {
    let mut line = Delivery {
        to,
        delivered_at: None,
        refused: None,
        registered: None,
        directed: None,
        assigned: None,
        started_at: None,
        finished: None,
    };
    let now = schedule.now();
    let arrived = sent.issued_at.saturating_add((rng.below(3) as i64).minutes());
    // A line of two thousand waits because the recipient's system cannot be reached.
    if arrived > now || (reply.is_none() && rng.below(2000) == 0) {
        return line;
    }
    line.delivered_at = Some(arrived);
    let Some(desk) = office.desks.get(to).filter(|_| to < PARTNER_KEY_BASE) else {
        return line;
    };
    match reply {
        Some(reply) => answered(rng, office, schedule, desk, sent, reply, &mut line),
        None => handled(rng, office, schedule, desk, sent, &mut line),
    }
    line
}

/// Everything happens in time for the answer: the stretch between the two documents is shared out.
fn answered(
    rng: &mut Rng,
    office: &Office<'_>,
    schedule: &Schedule,
    desk: &Desk,
    sent: &Sent,
    reply: Reply,
    line: &mut Delivery,
) {
    let Some(arrived) = line.delivered_at else { return };
    let minutes = schedule.working_minutes_between(arrived, reply.issued_at);
    let at = |per_mille: usize| {
        schedule
            .after_working_minutes(arrived, minutes * per_mille / 1000)
            .min(reply.issued_at)
            .max(arrived)
    };
    let unit = &desk.units[reply.unit];
    line.registered = Some(Registered {
        at: at(rng.between(10, 80)),
        clerk: rng.one(&desk.clerks),
    });
    let due = sent.needs_reply_by;
    let directed_at = at(rng.between(100, 200));
    line.directed = Some(directed(rng, office, desk, unit, directed_at, true, due));
    line.assigned = Some(Assigned {
        at: at(rng.between(220, 320)),
        unit_head: unit.head,
        officer: reply.officer,
        text: assignment(rng),
    });
    line.started_at = Some(at(rng.between(350, 600)));
    let answer = Answer::Document(reply.index);
    line.finished = Some(Finished {
        at: reply.issued_at,
        officer: reply.officer,
        answer,
    });
}

/// One step after another at the pace of the agency, until the end of the period or until somebody lets it lie.
fn handled(
    rng: &mut Rng,
    office: &Office<'_>,
    schedule: &Schedule,
    desk: &Desk,
    sent: &Sent,
    line: &mut Delivery,
) {
    let Some(arrived) = line.delivered_at else { return };
    let now = schedule.now();
    let pace = if sent.urgent { 4 } else { 1 };
    let after = |rng: &mut Rng, start: DateTime, low: usize, high: usize| {
        schedule.after_working_minutes(start, rng.between(low, high) / pace)
    };

    let stage = stage(rng, sent.newer);
    let clerk = rng.one(&desk.clerks);
    if stage == Stage::Arrived {
        return;
    }
    if rng.chance(4) {
        let at = after(rng, arrived, 5, 120);
        if at <= now {
            line.refused = Some(Refused {
                at,
                clerk,
                reason: refusal(rng),
            });
        }
        return;
    }
    let slow = rng.chance(60);
    let registered = if slow {
        after(rng, arrived, 400, 1300)
    } else {
        after(rng, arrived, 4, 200)
    };
    if registered > now || rng.chance(2) {
        return;
    }
    line.registered = Some(Registered {
        at: registered,
        clerk,
    });
    if stage == Stage::Registered {
        return;
    }

    let at = if slow {
        after(rng, registered, 450, 1800)
    } else {
        after(rng, registered, 15, 420)
    };
    if at > now || rng.chance(4) {
        return;
    }
    let unit = &desk.units[rng.below(desk.units.len())];
    let due = match sent.needs_reply_by {
        Some(due) => Some(due),
        None if sent.acts && rng.chance(600) => {
            Some(schedule.working_days_after(at.date(), rng.between(3, 15)))
        }
        None => None,
    };
    line.directed = Some(directed(rng, office, desk, unit, at, sent.acts, due));
    if stage == Stage::Directed {
        return;
    }

    let assigned = after(rng, at, 20, 700);
    if assigned > now || rng.chance(4) {
        return;
    }
    let officer = rng.one(&unit.officers);
    line.assigned = Some(Assigned {
        at: assigned,
        unit_head: unit.head,
        officer,
        text: assignment(rng),
    });
    if stage == Stage::Assigned {
        return;
    }

    let started = after(rng, assigned, 20, 900);
    if started > now || rng.chance(5) {
        return;
    }
    line.started_at = Some(started);
    if stage == Stage::Started {
        return;
    }

    // Most work ends before its deadline, some days after it, a little lies for good.
    let finished = match due {
        _ if rng.chance(12) => return,
        Some(due) if rng.chance(880) => {
            let left = schedule.working_minutes_between(started, due.at(17, 0, 0, 0));
            after(rng, started, left / 4, left * 9 / 10)
        }
        Some(due) => {
            let late = schedule.working_days_after(due.max(started.date()), rng.between(1, 10));
            late.at(9, 0, 0, 0)
                .saturating_add((rng.between(0, 140) as i64).minutes())
        }
        None if sent.acts => after(rng, started, 300, 4500),
        None => after(rng, started, 10, 900),
    };
    if finished <= now && finished >= started {
        let answer = Answer::Note(result(rng, sent.acts));
        line.finished = Some(Finished {
            at: finished,
            officer,
            answer,
        });
    }
}

fn directed(
    rng: &mut Rng,
    office: &Office<'_>,
    desk: &Desk,
    unit: &UnitDesk,
    at: DateTime,
    acts: bool,
    due: Option<Date>,
) -> Directed {
    let leader = if desk.deputies.is_empty() || rng.chance(600) {
        desk.head
    } else {
        rng.one(&desk.deputies)
    };
    let text = directive(rng, &office.province.units[unit.unit].name, acts, due);
    let mut cooperating = Vec::new();
    if acts && rng.chance(250) {
        for _ in 0..rng.between(1, 2) {
            let other = desk.units[rng.below(desk.units.len())].unit;
            if other != unit.unit && !cooperating.contains(&other) {
                cooperating.push(other);
            }
        }
    }
    let purpose = if acts { Purpose::ToAct } else { Purpose::ToKnow };
    Directed {
        at,
        leader,
        text,
        purpose,
        unit: unit.unit,
        cooperating,
        due,
    }
}
