//! A believable history of documents, written straight into the tables.
//!
//! Documents come from the generator in order of issue. What happened at a recipient is told by the same sketch,
//! but a số đến is taken at the hour of registration: each line waits in a queue until every document issued before
//! that hour has been seen. The queue holds some days of work, whatever the length of the history.
//!
//! The journal tells every act at its own time; what is written in one transaction stands in the order of time.

use std::{collections::BTreeMap, sync::Arc};

use demo_province::{DEFAULT_SEED, DocumentSketch, Province, Size, documents};
use jiff::{
    ToSpan,
    civil::{Date, DateTime, time},
};
use store::{args, sql, vietnam};

use super::{
    Seeded,
    issued::{self, Issued, Numbered},
    people::{HistoryIds, People, instant},
    received,
    samples::{Files, Samples},
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
const MOST_DRAFTS: usize = 48;
/// The newest issued documents have a composed file of their own, and the drafts have.
const COMPOSED: usize = 24;

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
    let own_files_from = issued.saturating_sub(COMPOSED);
    let calendar = |day| app.calendar.is_working_day(day);
    let mut writer = Writer {
        app,
        circle: &circle,
        people: &people,
        samples: Samples::new(app, &people),
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
    let mut sketches = documents(&circle, DEFAULT_SEED, count, period, calendar);
    for sketch in sketches.by_ref().take(own_files_from) {
        let place = writer.place(&sketch);
        let numbered = issued::number(&mut writer.tables, &place, &sketch)?;
        let files = writer.samples.shared(&mut writer.tables, &sketch).await?;
        writer.take(sketch, Some(numbered), &files).await?;
    }
    writer.newest(sketches.collect()).await?;
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
    samples: Samples<'a>,
    ids: HistoryIds,
    /// Documents from this place on are still drafts.
    issued: usize,
    tables: Tables,
    /// By the hour of registration, then by place in the history and recipient.
    waiting: BTreeMap<(DateTime, usize, usize), Waiting>,
    written: Written,
}

impl<'a> Writer<'a> {
    fn place(&self, sketch: &DocumentSketch) -> issued::Place<'a> {
        issued::Place {
            people: self.people,
            circle: self.circle,
            ids: self.ids,
            day_before: working_day_before(self.app, sketch.issued_at.date()),
        }
    }

    /// The newest documents and the drafts, with a composed file of their own. They take their numbers before any of
    /// them is written, so that all can be composed together.
    async fn newest(&mut self, sketches: Vec<DocumentSketch>) -> anyhow::Result<()> {
        let mut numbers = Vec::with_capacity(sketches.len());
        let mut printed = Vec::with_capacity(sketches.len());
        for sketch in &sketches {
            let place = self.place(sketch);
            let numbered = if sketch.index < self.issued {
                Some(issued::number(&mut self.tables, &place, sketch)?)
            } else {
                None
            };
            printed.push((sketch, issued::printed(&place, sketch, numbered.as_ref())?));
            numbers.push(numbered);
        }
        let files = self.samples.own(&mut self.tables, printed).await?;
        for ((sketch, numbered), files) in sketches.into_iter().zip(numbers).zip(files) {
            self.take(sketch, numbered, &files).await?;
        }
        Ok(())
    }

    /// Writes a document: a draft, when it has no number.
    async fn take(
        &mut self,
        sketch: DocumentSketch,
        numbered: Option<Numbered>,
        files: &Files,
    ) -> anyhow::Result<()> {
        self.register_until(sketch.issued_at)?;
        let place = self.place(&sketch);
        self.written.outgoing += 1;
        let Some(numbered) = numbered else {
            return issued::write_draft(&mut self.tables, &place, &sketch, files);
        };
        let (document, lines) = issued::write(&mut self.tables, &place, sketch, numbered, files)?;
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
        self.samples.keep().await?;
        let mut tx = self.app.db.begin().await?;
        let seal = store::journal::next_seal(&mut tx).await?;
        self.tables.flush(&mut tx, seal).await?;
        store::journal::seal_loaded(&mut tx, seal, self.app.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn finish(mut self) -> anyhow::Result<Written> {
        self.register_until(DateTime::MAX)?;
        self.flush().await?;
        // The seeding of the province.
        store::journal::seal(&self.app.db, self.app.clock.now()).await?;
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
