//! The history of documents. Each document depends on the seed and its own place alone, so that one can be made
//! without those before it, and a history of millions needs no memory.

use jiff::civil::{Date, DateTime};
use rules::signing_authority::Authority;
use rules::urgency::Urgency;

use crate::bodies::{Facts, body};
use crate::index::{Desk, Office};
use crate::model::{Level, Province, UnitKind};
use crate::progress::{Reply, Sent, delivery};
use crate::recipients::{self, Direction};
use crate::rng::Rng;
use crate::schedule::Schedule;
use crate::sketch::DocumentSketch;
use crate::subjects::{Question, Topic, answering, asking, question, telling};

/// Documents come in rounds of this many places. In each round the places that leave 2 when divided by 4 ask a
/// question, and the places that leave 3 answer a question of an earlier round: each question has at most one
/// answering place and each answering place exactly one question, found by arithmetic in both directions.
const ROUND: usize = 16;

/// How many working days an answer takes in the four kinds of answering places of a round.
const ANSWER_DAYS: [usize; 4] = [3, 5, 9, 14];

/// A made-up history of `n` documents of `province`, in order of time, over the working days of `period` (both days
/// included). What would happen after the last day of the period has not happened.
///
/// The same arguments give the same documents. Memory does not grow with `n`.
pub fn documents(
    province: &Province,
    seed: u64,
    n: usize,
    period: (Date, Date),
    is_working_day: impl Fn(Date) -> bool,
) -> Documents<'_> {
    Documents {
        office: Office::new(province),
        schedule: Schedule::new(n, period, is_working_day),
        seed,
        next: 0,
    }
}

/// The documents of a history, made one by one. See [`documents`].
#[derive(Debug, Clone)]
pub struct Documents<'a> {
    office: Office<'a>,
    schedule: Schedule,
    seed: u64,
    next: usize,
}

impl Iterator for Documents<'_> {
    type Item = DocumentSketch;

    fn next(&mut self) -> Option<DocumentSketch> {
        let sketch = self.get(self.next)?;
        self.next += 1;
        Some(sketch)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.schedule.len() - self.next;
        (left, Some(left))
    }

    fn nth(&mut self, skipped: usize) -> Option<DocumentSketch> {
        self.next = self.next.saturating_add(skipped).min(self.schedule.len());
        self.next()
    }
}

impl ExactSizeIterator for Documents<'_> {}

/// What is settled before anything is written.
struct Plan {
    from: usize,
    type_key: &'static str,
    direction: Direction,
    to: Vec<usize>,
    question: Option<Question>,
}

impl Documents<'_> {
    /// The document at `index`, or `None` past the end; costs the same at every place.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<DocumentSketch> {
        if index >= self.schedule.len() {
            return None;
        }
        let question = self
            .question_of(index)
            .filter(|&question| self.answerer(question).is_some());
        Some(match question {
            Some(question) => self.answer(index, question),
            None => self.ordinary(index),
        })
    }

    /// How far behind its question the answer in the answering place of `kind` lies: about [`ANSWER_DAYS`], and one
    /// more than a multiple of [`ROUND`], so that an answering place always falls on an asking one.
    fn lag(&self, kind: usize) -> usize {
        let wanted = self.schedule.issued_in(ANSWER_DAYS[kind]);
        (wanted + ROUND / 2) / ROUND * ROUND + 1
    }

    /// The place of the question that the document at `index` answers.
    fn question_of(&self, index: usize) -> Option<usize> {
        (index % 4 == 3)
            .then(|| index.checked_sub(self.lag(index % ROUND / 4)))
            .flatten()
    }

    /// The place of the answer to the question at `index`, whether within the history or not.
    fn answer_of(&self, index: usize) -> Option<usize> {
        (index % 4 == 2).then(|| index + self.lag(index % ROUND / 4))
    }

    fn rng(&self, label: &str, index: usize) -> Rng {
        Rng::new(self.seed, label, index as u64)
    }

    /// The agency, and the unit and officer in it, that answer the question at `index`.
    fn answerer(&self, index: usize) -> Option<(usize, usize, usize)> {
        let plan = self.plan(index);
        plan.question?;
        let mut rng = self.rng("answerer", index);
        // A question to the agency above is answered by that agency, which comes first.
        let agency = if plan.direction == Direction::Up {
            *plan.to.first()?
        } else {
            rng.one(&plan.to)
        };
        let (unit, officer) = drafter(&mut rng, self.office.desks.get(agency)?);
        Some((agency, unit, officer))
    }

    /// Who writes what to whom at `index`, when it is not an answer.
    fn plan(&self, index: usize) -> Plan {
        let mut rng = self.rng("plan", index);
        let office = &self.office;
        let from = office.sender(rng.below(office.sender_weight()));
        let level = office.province.agencies[from].level;
        let direction = recipients::direction(&mut rng, office, from);
        if index % 4 == 2 {
            let to = match direction {
                Direction::Up => recipients::some_of(&mut rng, office, from, direction, 1),
                _ if rng.chance(110) => recipients::everybody(&mut rng, office, from),
                _ => recipients::some(&mut rng, office, from, direction),
            };
            let question = Some(question(&mut rng, level, direction));
            return Plan {
                from,
                type_key: "cong_van",
                direction,
                to,
                question,
            };
        }
        let type_key = type_of(&mut rng, level);
        let to = match type_key {
            "to_trinh" => recipients::some_of(&mut rng, office, from, Direction::Up, 1),
            "bao_cao" if level == Level::Province => recipients::central(office),
            "bao_cao" => {
                let count = rng.weighted(&[(1, 70), (2, 30)]);
                recipients::some_of(&mut rng, office, from, Direction::Up, count)
            }
            "ke_hoach" | "chi_thi" | "huong_dan" | "cong_dien" | "chuong_trinh" => {
                recipients::everybody(&mut rng, office, from)
            }
            "giay_moi" => {
                let count = rng.between(2, 8);
                recipients::some_of(&mut rng, office, from, direction, count)
            }
            _ if rng.chance(90) => recipients::everybody(&mut rng, office, from),
            _ => recipients::some(&mut rng, office, from, direction),
        };
        let mut plan = Plan {
            from,
            type_key,
            direction,
            to,
            question: None,
        };
        if matches!(level, Level::Province | Level::Department) && type_key == "cong_van" && rng.chance(40) {
            plan.to.extend(recipients::local_partner(&mut rng, office));
        }
        plan
    }

    /// What the document at `index` is about; a report, and a question that wants one, look back.
    fn topic(&self, index: usize, plan: &Plan) -> Topic {
        let kind = plan
            .question
            .map_or(plan.type_key, |question| question.answer_type);
        let day = self.schedule.issued_at(index).date();
        Topic::new(
            &mut self.rng("topic", index),
            &self.office,
            plan.from,
            day,
            kind == "bao_cao",
        )
    }

    /// The deadline of a question: mostly kept by its answer, sometimes not.
    fn deadline(&self, rng: &mut Rng, index: usize) -> Date {
        let asked = self.schedule.issued_at(index).date();
        let usual = ANSWER_DAYS[index % ROUND / 4];
        let answered = self
            .answer_of(index)
            .filter(|&answer| answer < self.schedule.len());
        let days = match answered.map(|answer| self.schedule.issued_at(answer).date()) {
            None => usual + rng.between(0, 3),
            Some(day) => {
                let taken = self.schedule.working_days_between(asked, day);
                if rng.chance(850) {
                    taken + rng.between(0, 4)
                } else {
                    taken * 2 / 3
                }
            }
        };
        self.schedule.working_days_after(asked, days.max(1))
    }

    fn ordinary(&self, index: usize) -> DocumentSketch {
        let plan = self.plan(index);
        let mut rng = self.rng("ordinary", index);
        let topic = self.topic(index, &plan);
        let issued_at = self.schedule.issued_at(index);
        let subject = match plan.question {
            Some(question) => asking(&mut rng, question, &topic),
            None => telling(&mut rng, plan.type_key, plan.direction, &topic, issued_at.date()),
        };
        let needs_reply_by = plan.question.is_some().then(|| self.deadline(&mut rng, index));
        let (unit, officer) = drafter(&mut rng, &self.office.desks[plan.from]);
        self.finish(
            index,
            &mut rng,
            Draft {
                plan,
                subject,
                unit,
                officer,
                needs_reply_by,
                reply_to: None,
            },
        )
    }

    fn answer(&self, index: usize, question_index: usize) -> DocumentSketch {
        let asked = self.plan(question_index);
        let mut rng = self.rng("answer", index);
        let answerer = self.answerer(question_index);
        let (Some(question), Some((from, unit, officer))) = (asked.question, answerer) else {
            return self.ordinary(index);
        };
        let topic = self.topic(question_index, &asked);
        let subject = answering(&mut rng, question, &topic);
        let plan = Plan {
            from,
            type_key: question.answer_type,
            direction: Direction::Up,
            to: vec![asked.from],
            question: None,
        };
        let reply_to = Some(question_index);
        self.finish(
            index,
            &mut rng,
            Draft {
                plan,
                subject,
                unit,
                officer,
                needs_reply_by: None,
                reply_to,
            },
        )
    }

    /// Signs, issues and delivers.
    fn finish(&self, index: usize, rng: &mut Rng, draft: Draft) -> DocumentSketch {
        let Draft {
            plan,
            subject,
            unit,
            officer,
            needs_reply_by,
            reply_to,
        } = draft;
        let office = &self.office;
        let agency = &office.province.agencies[plan.from];
        let desk = &office.desks[plan.from];
        let issued_at = self.schedule.issued_at(index);
        let urgency = urgency(rng, plan.type_key);
        let content_by = desk.units[unit].head;
        let (signer, authority) = signer(rng, desk, content_by, agency.collective, plan.type_key);
        let facts = Facts {
            type_key: plan.type_key,
            subject: &subject,
            agency_name: &agency.name,
            issued_at,
            needs_reply_by,
            is_answer: reply_to.is_some(),
            upward: plan.direction == Direction::Up,
            meeting_on: self
                .schedule
                .working_days_after(issued_at.date(), rng.between(1, 6)),
        };
        let body = body(rng, &facts);
        let sent = Sent {
            issued_at,
            urgent: urgency.is_urgent(),
            acts: acts(plan.type_key),
            needs_reply_by,
            newer: self.schedule.len() - 1 - index,
        };
        let reply = self.reply(index);
        let deliveries = plan
            .to
            .iter()
            .map(|&to| {
                let own = reply.filter(|(agency, _)| *agency == to).map(|(_, reply)| reply);
                delivery(rng, office, &self.schedule, to, &sent, own)
            })
            .collect();
        DocumentSketch {
            index,
            from: plan.from,
            type_key: plan.type_key,
            subject,
            urgency,
            unit: desk.units[unit].unit,
            drafter: officer,
            unit_head: content_by,
            clerk: rng.one(&desk.clerks),
            signer,
            authority,
            issued_at,
            needs_reply_by,
            reply_to,
            body,
            deliveries,
        }
    }

    /// The answer within the history to the question at `index`, and the agency that gives it.
    fn reply(&self, index: usize) -> Option<(usize, Reply)> {
        let answer = self
            .answer_of(index)
            .filter(|&answer| answer < self.schedule.len())?;
        let (agency, unit, officer) = self.answerer(index)?;
        let issued_at: DateTime = self.schedule.issued_at(answer);
        Some((
            agency,
            Reply {
                index: answer,
                issued_at,
                unit,
                officer,
            },
        ))
    }
}

/// A document before it is signed.
struct Draft {
    plan: Plan,
    subject: String,
    /// Place in the desk's units.
    unit: usize,
    officer: usize,
    needs_reply_by: Option<Date>,
    reply_to: Option<usize>,
}

/// A unit of the desk, by place, and an officer in it.
fn drafter(rng: &mut Rng, desk: &Desk) -> (usize, usize) {
    let unit = rng.below(desk.units.len());
    (unit, rng.one(&desk.units[unit].officers))
}

/// Kinds as they occur in practice, apart from the questions and answers, which are mostly công văn and báo cáo.
fn type_of(rng: &mut Rng, level: Level) -> &'static str {
    let kind = rng.weighted(&[
        ("cong_van", 380),
        ("bao_cao", 155),
        ("quyet_dinh", 175),
        ("thong_bao", 85),
        ("to_trinh", 75),
        ("ke_hoach", 45),
        ("giay_moi", 60),
        ("huong_dan", 6),
        ("phieu_chuyen", 8),
        ("phuong_an", 4),
        ("chuong_trinh", 3),
        ("de_an", 2),
        ("chi_thi", 2),
        ("cong_dien", 2),
    ]);
    match (kind, level) {
        // The province presents to nobody in the installation; only committees give chỉ thị and công điện.
        ("to_trinh", Level::Province) => "quyet_dinh",
        ("chi_thi" | "cong_dien", Level::Department | Level::Subordinate) => "ke_hoach",
        (kind, _) => kind,
    }
}

/// Whether a document of this kind gives its recipients something to do.
fn acts(type_key: &str) -> bool {
    !matches!(type_key, "thong_bao" | "quyet_dinh" | "bao_cao" | "chuong_trinh")
}

fn urgency(rng: &mut Rng, type_key: &str) -> Urgency {
    if type_key == "cong_dien" {
        return rng.weighted(&[(Urgency::VeryUrgent, 3), (Urgency::Express, 7)]);
    }
    rng.weighted(&[
        (Urgency::Normal, 905),
        (Urgency::Urgent, 68),
        (Urgency::VeryUrgent, 20),
        (Urgency::Express, 7),
    ])
}

/// Who signs and how (NĐ 30/2020 Điều 13): collective agencies TM., deputies KT., the head of the office TL. for
/// everyday kinds. Nobody signs what they themselves checked the content of.
fn signer(
    rng: &mut Rng,
    desk: &Desk,
    content_by: usize,
    collective: bool,
    type_key: &str,
) -> (usize, Authority) {
    let everyday = matches!(type_key, "cong_van" | "thong_bao" | "giay_moi" | "phieu_chuyen");
    let office = desk.units.iter().find(|unit| unit.kind == UnitKind::Office);
    if let Some(office) = office.filter(|office| everyday && office.head != content_by && rng.chance(110)) {
        return (office.head, Authority::Tl);
    }
    let by_deputy = !desk.deputies.is_empty() && rng.chance(520);
    match (by_deputy, collective) {
        (false, false) => (desk.head, Authority::Own),
        (false, true) => (desk.head, Authority::Tm),
        (true, false) => (rng.one(&desk.deputies), Authority::Kt),
        (true, true) => (rng.one(&desk.deputies), Authority::TmKt),
    }
}
