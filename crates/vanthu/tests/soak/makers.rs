//! The senders: documents are drafted, approved and issued; afterwards some are recalled, corrected or replaced.

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    kit::{Call, client},
    office::Office,
    plan::{Afterwards, Mark, Moment, Side},
    world::World,
};

/// Programs that draft at the same time, of each side.
const WORKERS: [usize; 2] = [4, 2];

/// How soon a worker looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How soon a sender looks again after a document that is not far enough yet, the first time; later ever more seldom.
const PATIENT: Duration = Duration::from_millis(500);
/// So many doublings of it at most.
const MOST_PATIENT: u32 = 6;

/// An issued document that its sender comes back to.
struct Due {
    mark: Mark,
    id: String,
    not_before: Instant,
    /// How often it was looked after in vain.
    looked: u32,
}

/// The documents of one side, and what is still to be done about them.
struct Desk<'a> {
    world: &'a World,
    office: &'a Office,
    documents: u64,
    next: AtomicU64,
    /// Documents that are not issued yet, or that the sender comes back to.
    open: AtomicUsize,
    due: Mutex<VecDeque<Due>>,
    /// Văn bản thông báo thu hồi.
    notice: String,
}

/// Four fifths of the documents go from A to B.
pub fn share(documents: usize, side: Side) -> usize {
    let from_b = documents / 5;
    match side {
        Side::A => documents - from_b,
        Side::B => from_b,
    }
}

/// Brings all documents out, and ends when nothing is left to do for the senders.
pub fn bring_everything_out(world: &World) {
    thread::scope(|scope| {
        for side in Side::BOTH {
            scope.spawn(move || {
                let office = world.office(side);
                let notice = notice(world, office);
                let desk = Desk {
                    world,
                    office,
                    documents: share(world.size.documents, side) as u64,
                    next: AtomicU64::new(1),
                    open: AtomicUsize::new(share(world.size.documents, side)),
                    due: Mutex::default(),
                    notice,
                };
                thread::scope(|scope| {
                    for _ in 0..WORKERS[side.index()] {
                        scope.spawn(|| desk.work());
                    }
                });
            });
        }
    });
}

/// An issued document of its own, on paper: the notice that some recalls carry.
fn notice(world: &World, office: &Office) -> String {
    let draft = json!({
        "type_key": "thong_bao", "subject": "thu hồi văn bản đã gửi", "main_file": office.file,
        "paper": [{ "name": "Lưu hồ sơ thu hồi", "reason": "Không kết nối" }],
    });
    issue(world, office, &draft).expect("nobody forbids the notice")
}

/// Drafts, approves and issues; gives the document, or nothing when the rules do not allow it any more.
fn issue(world: &World, office: &Office, draft: &Value) -> Option<String> {
    let agent = client();
    let call = |token: &str, path: &str, body: Value| Call::new(token, path, body);
    let made = world.must(
        &agent,
        office,
        &call(&office.people.drafter, "/api/v1/outgoing", draft.clone()),
    );
    let id = made["id"].as_str().unwrap().to_owned();
    for (token, step) in office.people.way_to_issue() {
        world.must(
            &agent,
            office,
            &call(token, &format!("/api/v1/outgoing/{id}/{step}"), json!({})),
        );
    }
    let path = format!("/api/v1/outgoing/{id}/issue");
    world
        .may(&agent, office, &call(&office.people.clerk, &path, json!({})))
        .then_some(id)
}

impl Desk<'_> {
    fn work(&self) {
        let _watch = self.world.watch();
        let agent = client();
        loop {
            if let Some(due) = self.take_due() {
                self.come_back(&agent, due);
                continue;
            }
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number <= self.documents {
                let mark = Mark {
                    side: self.office.side,
                    number,
                    is_replacement: false,
                };
                self.bring_out(mark, &[]);
                continue;
            }
            // Another worker may still put something there.
            if self.open.load(Ordering::SeqCst) == 0 {
                return;
            }
            self.world.be_patient("senders wait for their recipients");
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// What the sender looks after now.
    fn take_due(&self) -> Option<Due> {
        let mut due = self.due.lock().unwrap();
        let at = due.iter().position(|due| due.not_before <= Instant::now())?;
        due.remove(at)
    }

    /// Does what is planned, once the document is so far.
    fn come_back(&self, agent: &ureq::Agent, due: Due) {
        let moment = due.mark.moment(self.world.size.seed);
        let path = format!("/api/v1/outgoing/{}", due.id);
        if moment != Moment::AtOnce {
            let document = self
                .world
                .read(agent, self.office, &self.office.people.clerk, &path);
            let lines = document["deliveries"].as_array().unwrap();
            if !lines
                .iter()
                .any(|line| moment.has_come(line["state"].as_str().unwrap()))
            {
                let not_before = Instant::now() + PATIENT * (1 << due.looked.min(MOST_PATIENT));
                let looked = due.looked + 1;
                self.due.lock().unwrap().push_back(Due {
                    not_before,
                    looked,
                    ..due
                });
                return;
            }
        }
        self.afterwards(agent, due.mark, &due.id);
        self.open.fetch_sub(1, Ordering::SeqCst);
    }

    fn bring_out(&self, mark: Mark, replaces: &[&str]) {
        let seed = self.world.size.seed;
        let codes = &self.office.recipients[..mark.recipients(seed, self.office.recipients.len())];
        let mut draft = json!({
            "type_key": "cong_van", "subject": mark.subject(), "main_file": self.office.file,
            "axis": codes.iter().map(|code| json!({ "code": code })).collect::<Vec<_>>(),
        });
        if !replaces.is_empty() {
            draft["replaces"] = json!(replaces);
        }
        let id = issue(self.world, self.office, &draft);
        self.world.advanced();
        if mark.is_replacement {
            return;
        }
        let id = id.expect("nobody forbids a new document");
        if mark.afterwards(seed) == Afterwards::Nothing {
            self.open.fetch_sub(1, Ordering::SeqCst);
        } else {
            self.due.lock().unwrap().push_back(Due {
                mark,
                id,
                not_before: Instant::now(),
                looked: 0,
            });
        }
    }

    fn afterwards(&self, agent: &ureq::Agent, mark: Mark, id: &str) {
        match mark.afterwards(self.world.size.seed) {
            Afterwards::Nothing => {}
            Afterwards::Recall { notice } => self.recall(agent, id, notice),
            Afterwards::Update => self.update(agent, mark, id),
            Afterwards::UpdateThenRecall => {
                self.update(agent, mark, id);
                self.recall(agent, id, false);
            }
            Afterwards::Replace => {
                let replacement = Mark {
                    is_replacement: true,
                    ..mark
                };
                self.bring_out(replacement, &[id]);
            }
        }
        self.world.moved();
    }

    fn recall(&self, agent: &ureq::Agent, id: &str, with_notice: bool) {
        let mut order = json!({
            "reason": "Ban hành sai thẩm quyền", "decision": "Chủ tịch đồng ý tại phiếu trình thu hồi",
        });
        if with_notice {
            order["notice"] = json!(self.notice);
        }
        let path = format!("/api/v1/outgoing/{id}/recall");
        self.world.must(
            agent,
            self.office,
            &Call::new(&self.office.people.clerk, &path, order),
        );
    }

    fn update(&self, agent: &ureq::Agent, mark: Mark, id: &str) {
        let order = json!({ "subject": mark.corrected_subject(), "reason": "Đính chính trích yếu" });
        let path = format!("/api/v1/outgoing/{id}/update");
        self.world.may(
            agent,
            self.office,
            &Call::new(&self.office.people.clerk, &path, order),
        );
    }
}
