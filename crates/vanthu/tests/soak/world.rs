//! The two installations, the axis, and how far everything is.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    kit::{Answer, Axis, Call, attempt, get},
    office::Office,
    plan::Side,
};

/// Nothing moved for so long: something is stuck.
const PATIENCE: Duration = Duration::from_secs(240);
/// Between two attempts of a call.
const PAUSE: Duration = Duration::from_millis(40);

/// How much is done.
pub struct Size {
    pub documents: usize,
    pub kills: usize,
    pub seed: u64,
}

impl Size {
    fn from_environment() -> Self {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
        Self {
            documents: number("SOAK_DOCUMENTS").unwrap_or(60) as usize,
            kills: number("SOAK_KILLS").unwrap_or(6) as usize,
            seed: number("SOAK_SEED").unwrap_or_else(rand::random),
        }
    }
}

/// Everything together.
pub struct World {
    pub size: Size,
    pub axis: Axis,
    pub offices: [Office; 2],
    /// Documents issued and documents settled by clerks: what kills are spread over.
    pub progress: AtomicUsize,
    pub kills: AtomicUsize,
    /// What the rules did not allow any more, by clause: the other side was faster.
    pub declined: Mutex<BTreeMap<String, usize>>,
    is_over: AtomicBool,
    has_failed: AtomicBool,
    moved: Mutex<Instant>,
}

/// Ends everything when its thread fails.
pub struct Watch<'a>(&'a World);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.has_failed.store(true, Ordering::SeqCst);
            self.0.stop();
        }
    }
}

impl World {
    /// Sets both installations up and connects them.
    pub fn open(folder: &Path, databases: [&str; 2]) -> Self {
        let size = Size::from_environment();
        let axis = Axis::start(folder, size.seed, &Office::systems());
        let offices = thread::scope(|scope| {
            let made = Side::BOTH.map(|side| {
                let (axis, database) = (&axis, databases[side.index()]);
                let folder = folder.join(side.letter().to_string());
                scope.spawn(move || Office::open(side, &folder, database, axis))
            });
            made.map(|one| one.join().unwrap())
        });
        axis.troubles(crate::disturbance::troubles());
        Self {
            size,
            axis,
            offices,
            progress: AtomicUsize::new(0),
            kills: AtomicUsize::new(0),
            declined: Mutex::default(),
            is_over: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            moved: Mutex::new(Instant::now()),
        }
    }

    pub fn office(&self, side: Side) -> &Office {
        &self.offices[side.index()]
    }

    /// Every clerk who receives, with the office.
    pub fn desks(&self) -> Vec<(&Office, &str)> {
        let all = self.offices.iter();
        all.flat_map(|office| office.desks.iter().map(move |token| (office, token.as_str())))
            .collect()
    }

    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    pub fn stop(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// To be held by every thread: one that fails ends the others.
    pub fn watch(&self) -> Watch<'_> {
        Watch(self)
    }

    /// Something moved.
    pub fn moved(&self) {
        *self.moved.lock().unwrap() = Instant::now();
    }

    /// One document further.
    pub fn advanced(&self) {
        self.progress.fetch_add(1, Ordering::SeqCst);
        self.moved();
    }

    /// Fails when nothing moved for long.
    pub fn be_patient(&self, waiting_for: &str) {
        assert!(
            !self.has_failed.load(Ordering::SeqCst),
            "another part of the run failed"
        );
        let still = self.moved.lock().unwrap().elapsed();
        assert!(
            still < PATIENCE,
            "nothing moved for {still:.0?}: {waiting_for}; seed {}",
            self.size.seed
        );
    }

    /// Calls until it is answered. The server may be killed meanwhile, before or after it did what it was told.
    pub fn ask(&self, agent: &ureq::Agent, office: &Office, call: &Call) -> Answer {
        loop {
            if let Some(answer) = attempt(agent, office.port, call) {
                assert!(
                    answer.status < 500,
                    "{}: {} {}",
                    call.path,
                    answer.status,
                    answer.body
                );
                return answer;
            }
            self.be_patient(&call.path);
            thread::sleep(PAUSE);
        }
    }

    /// A call that the rules allow.
    pub fn must(&self, agent: &ureq::Agent, office: &Office, call: &Call) -> serde_json::Value {
        let answer = self.ask(agent, office, call);
        assert!(
            answer.status < 300,
            "{}: {} {}",
            call.path,
            answer.status,
            answer.body
        );
        answer.body
    }

    /// A call that the rules may no longer allow, because the other side was faster. Gives whether it was done.
    pub fn may(&self, agent: &ureq::Agent, office: &Office, call: &Call) -> bool {
        let answer = self.ask(agent, office, call);
        if answer.status < 300 {
            return true;
        }
        assert!(
            matches!(answer.status, 404 | 409),
            "{}: {} {}",
            call.path,
            answer.status,
            answer.body
        );
        let act = call.path.rsplit('/').next().unwrap_or_default();
        let clause = answer.body["clause"].as_str().unwrap_or("404");
        *self
            .declined
            .lock()
            .unwrap()
            .entry(format!("{act} {clause}"))
            .or_default() += 1;
        false
    }

    /// Reads until it is answered.
    pub fn read(&self, agent: &ureq::Agent, office: &Office, token: &str, path: &str) -> serde_json::Value {
        loop {
            if let Some(answer) = get(agent, office.port, token, path) {
                assert_eq!(answer.status, 200, "{path}: {}", answer.body);
                return answer.body;
            }
            self.be_patient(path);
            thread::sleep(PAUSE);
        }
    }

    /// What the run was, for whoever reads its log.
    pub fn print_totals(&self, begun: Instant) {
        let state = self.axis.state();
        println!("faults that happened: {}", json!(self.axis.happened()));
        println!("calls of the axis: {}", state["requests"]);
        println!("packets on the axis: {}", state["counts"]);
        println!(
            "no longer allowed, because the other side was faster: {}",
            json!(*self.declined.lock().unwrap())
        );
        for office in &self.offices {
            let memory = office.server.lock().unwrap().resident() / 1024;
            println!("{}: {memory} MiB at the end", office.side.letter());
        }
        println!(
            "seed {}, {} kills, {:.0?}",
            self.size.seed,
            self.kills.load(Ordering::SeqCst),
            begun.elapsed()
        );
    }
}
