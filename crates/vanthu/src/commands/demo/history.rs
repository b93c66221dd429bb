//! A believable history of documents, written straight into the tables.
//!
//! Documents come from the generator in order of issue. What happened at a recipient is told by the same sketch,
//! but a số đến is taken at the hour of registration: each line waits in a queue until every document issued before
//! that hour has been seen. The queue holds some days of work, whatever the length of the history.
//!
//! The journal tells every act at its own time; its entries stand in the order in which the history was written.

use std::{collections::BTreeMap, sync::Arc};

use demo_province::{DEFAULT_SEED, DocumentSketch, Province, Size, documents};
use jiff::{
    ToSpan,
    civil::{Date, DateTime, time},
};
use store::{args, sql, vietnam};

use super::{
    Seeded,
    issued::{self, Issued},
    people::{HistoryIds, People, instant},
    received,
    samples::Samples,
    tables::Tables,
};
use crate::context::App;

/// Documents, sent and received, of one agency on one working day.
const PER_AGENCY_AND_DAY: usize = 6;
/// The circle of agencies is so small that each has about this many documents.
const PER_AGENCY: usize = 60;
/// The shortest and the longest history, in working days.
const DAYS: (usize, usize) = (20, 2500);
/// Of so many issued documents one more is still on its way to the signature.
const DRAFT_OF: usize = 12;
/// At most so many drafts.
const MOST_DRAFTS: usize = 120;
/// The newest documents, with a composed file of their own.
const COMPOSED: usize = 40;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Outgoing documents, drafts included.
    pub outgoing: usize,
    /// Incoming documents.
    pub incoming: usize,
}

/// Writes about `wanted` documents (sent and received ones together) up to today. The installation must have the
/// agencies of `seeded` and no document.
///
/// # Errors
/// When there are documents already, or the database or the files fail.
pub async fn write(app: &App, seeded: &Seeded, wanted: usize) -> anyhow::Result<Written> {
    refuse_when_there_are_documents(app).await?;
    let agencies = seeded.province.agencies.len().min((wanted / PER_AGENCY).max(5));
    let circle = demo_province::province(DEFAULT_SEED, Size::agencies(agencies));
    let people = People::new(seeded, &circle)?;
    let period = period(app, wanted / (circle.agencies.len() * PER_AGENCY_AND_DAY).max(1));
    let issued = sketches_for(app, &circle, wanted, period);
    let drafts = (issued / DRAFT_OF).min(MOST_DRAFTS);
    let count = issued + drafts;
    let calendar = |day| app.calendar.is_working_day(day);
    let mut writer = Writer {
        app,
        circle: &circle,
        people: &people,
        samples: Samples::default(),
        ids: HistoryIds {
            start: instant(period.0.at(7, 30, 0, 0)).as_millisecond(),
            end: instant(period.1.at(17, 0, 0, 0)).as_millisecond(),
            count,
        },
        issued,
        tables: Tables::default(),
        waiting: BTreeMap::new(),
        written: Written {
            outgoing: 0,
            incoming: 0,
        },
    };
    for sketch in documents(&circle, DEFAULT_SEED, count, period, calendar) {
        writer.take(sketch).await?;
    }
    writer.finish().await
}

/// A line that waits for its số đến.
struct Waiting {
    document: Arc<Issued>,
    line: demo_province::Delivery,
}

struct Writer<'a> {
    app: &'a App,
    circle: &'a Province,
    people: &'a People<'a>,
    samples: Samples,
    ids: HistoryIds,
    /// Documents from this place on are still drafts.
    issued: usize,
    tables: Tables,
    /// By the hour of registration, then by place in the history and recipient.
    waiting: BTreeMap<(DateTime, usize, usize), Waiting>,
    written: Written,
}

impl Writer<'_> {
    async fn take(&mut self, sketch: DocumentSketch) -> anyhow::Result<()> {
        self.register_until(sketch.issued_at)?;
        let own_file = sketch.index + COMPOSED >= self.ids.count;
        let before = working_day_before(self.app, sketch.issued_at.date());
        let place = issued::Place {
            people: self.people,
            circle: self.circle,
            ids: self.ids,
            day_before: before,
        };
        self.written.outgoing += 1;
        if sketch.index >= self.issued {
            let printed = issued::draft(&place, &sketch)?;
            let files = self.samples.own(self.app, self.people, &sketch, printed).await?;
            issued::write_draft(&mut self.tables, &place, &sketch, &files)?;
            return Ok(());
        }
        let numbered = issued::number(&mut self.tables, &place, &sketch)?;
        let files = if own_file {
            let printed = issued::printed(&place, &sketch, Some(&numbered))?;
            self.samples.own(self.app, self.people, &sketch, printed).await?
        } else {
            self.samples.shared(self.app, self.people, &sketch).await?
        };
        let (document, lines) = issued::write(&mut self.tables, &place, sketch, numbered, &files)?;
        let document = Arc::new(document);
        for line in lines {
            match &line.registered {
                Some(registered) => {
                    let key = (registered.at, document.index, line.to);
                    let document = Arc::clone(&document);
                    self.waiting.insert(key, Waiting { document, line });
                }
                None => self.receive(&document, line)?,
            }
        }
        if self.tables.is_full() {
            self.flush().await?;
        }
        Ok(())
    }

    /// Registers what was registered before `hour`: no document issued later can have been registered earlier.
    fn register_until(&mut self, hour: DateTime) -> anyhow::Result<()> {
        while let Some(first) = self.waiting.first_entry().filter(|first| first.key().0 <= hour) {
            let Waiting { document, line } = first.remove();
            self.receive(&document, line)?;
        }
        Ok(())
    }

    fn receive(&mut self, document: &Issued, line: demo_province::Delivery) -> anyhow::Result<()> {
        let arrived = received::write(
            &mut self.tables,
            self.people,
            self.ids,
            self.issued,
            document,
            line,
        )?;
        self.written.incoming += usize::from(arrived);
        Ok(())
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        let mut tx = self.app.db.begin().await?;
        self.tables.flush(&mut tx).await?;
        tx.commit().await?;
        store::journal::seal(&self.app.db, self.app.clock.now()).await?;
        Ok(())
    }

    async fn finish(mut self) -> anyhow::Result<Written> {
        self.register_until(DateTime::MAX)?;
        self.flush().await?;
        Ok(self.written)
    }
}

fn working_day_before(app: &App, day: Date) -> Date {
    let mut before = day.saturating_sub(1.day());
    while !app.calendar.is_working_day(before) && before > Date::MIN {
        before = before.saturating_sub(1.day());
    }
    before
}

/// From so many working days ago to the last finished working day: nothing of a made-up history lies in the future.
fn period(app: &App, days: usize) -> (Date, Date) {
    let now = vietnam(app.clock.now());
    let today = now.date();
    let is_over = app.calendar.is_working_day(today) && now.time() >= time(17, 30, 0, 0);
    let last = if is_over {
        today
    } else {
        working_day_before(app, today)
    };
    let mut first = last;
    for _ in 1..days.clamp(DAYS.0, DAYS.1) {
        first = working_day_before(app, first);
    }
    (first, last)
}

/// How many documents have to be issued for `wanted` documents sent and received: found from some hundred of them.
fn sketches_for(app: &App, circle: &Province, wanted: usize, period: (Date, Date)) -> usize {
    const SAMPLE: usize = 400;
    let calendar = |day| app.calendar.is_working_day(day);
    let lines: usize = documents(circle, DEFAULT_SEED, SAMPLE, period, calendar)
        .map(|sketch| sketch.deliveries.len())
        .sum();
    (wanted * SAMPLE / (SAMPLE + lines)).max(1)
}

pub(super) async fn refuse_when_there_are_documents(app: &App) -> anyhow::Result<()> {
    let outgoing = app
        .db
        .opt(sql!("SELECT id FROM outgoing LIMIT 1"), args![])
        .await?;
    let incoming = app
        .db
        .opt(sql!("SELECT id FROM incoming LIMIT 1"), args![])
        .await?;
    anyhow::ensure!(
        outgoing.is_none() && incoming.is_none(),
        "Cơ sở dữ liệu đã có văn bản: lịch sử mẫu chỉ dựng được khi chưa có văn bản nào."
    );
    Ok(())
}
