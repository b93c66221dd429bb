//! What every use case needs: the application and who asks.

use std::{
    hash::Hash,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::civil::Date;
use rules::{
    delegation::Scope,
    ids::{AccountId, AgencyId, CommandId, PostId, UnitId},
    people::{Actor, Role},
};
use serde::{Serialize, de::DeserializeOwned};
use store::{Act, Begun, Blobs, Clock, Db, Ids};
use the_thuc::Composer;
use tokio::sync::{Notify, OwnedMutexGuard, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    calendar::LiveCalendar, error::AppResult, exchange::axis::AxisMemory, settings::Settings,
    sign_in::Attempts, signing::SigningMemory, turns::Turns, vault::Vault,
};

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the application.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The files.
    pub blobs: Blobs,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
    /// Settings of this installation.
    pub settings: Settings,
    /// Working days: the seeded calendar with what the administrator of the province decided.
    pub calendar: LiveCalendar,
    /// Wakes the workers after an act with consequences.
    pub wake: Notify,
    /// Owners of desks that just changed, for live counters.
    pub live: broadcast::Sender<Uuid>,
    /// Cancelled when the program stops: open streams end then.
    pub stopping: CancellationToken,
    /// Whether agencies, people and documents are made up: a band on every page says so.
    pub sample_data: AtomicBool,
    /// Failed sign-ins by network address.
    pub attempts: Attempts,
    /// Password hashes are costly in memory: only so many at once.
    pub hashing: Semaphore,
    /// Laying out, converting and taking apart files keeps a core busy: only so many at once.
    pub heavy: Semaphore,
    /// What signing keeps in memory: opened places of keys, the trust list.
    pub signing: SigningMemory,
    /// What the connections to the axis keep in memory: opened ones, which node this is.
    pub axis: AxisMemory,
    /// What encrypts secrets in the database, once it was asked for.
    pub vault: OnceLock<Arc<Vault>>,
    turns: Turns,
    program: OnceLock<PathBuf>,
    composer: OnceLock<Result<Composer, String>>,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the application together.
    pub fn new(db: Db, blobs: Blobs, clock: Clock, ids: Ids, settings: Settings) -> Self {
        let (live, _) = broadcast::channel(1024);
        let ids_of_node = ids.next();
        Self(Arc::new(Parts {
            db,
            blobs,
            clock,
            ids,
            settings,
            calendar: LiveCalendar::seeded(),
            wake: Notify::new(),
            live,
            stopping: CancellationToken::new(),
            sample_data: AtomicBool::new(false),
            attempts: Attempts::default(),
            hashing: Semaphore::new(4),
            heavy: Semaphore::new(2),
            signing: SigningMemory::default(),
            axis: AxisMemory::of_node(ids_of_node),
            vault: OnceLock::new(),
            turns: Turns::default(),
            program: OnceLock::new(),
            composer: OnceLock::new(),
        }))
    }

    /// Begins an act of `who`; see [`Act::begin`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin<T: DeserializeOwned>(&self, who: &Who, command: CommandId) -> AppResult<Begun<T>> {
        Ok(Act::begin(&self.db, &self.clock, &self.ids, who.as_journal_actor(), command).await?)
    }

    /// Whether this person's command was carried out before; asked before costly preparations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_carried_out(&self, who: &Who, command: CommandId) -> AppResult<bool> {
        let row = self
            .db
            .opt(
                store::sql!("SELECT 1 AS one FROM command WHERE owner_id = $1 AND id = $2"),
                store::args![who.account(), command],
            )
            .await?;
        Ok(row.is_some())
    }

    /// Commits an act, wakes the workers for its consequences and tells the desks that changed.
    ///
    /// # Errors
    /// When the act said nothing in the journal or the database fails; then nothing was changed.
    pub async fn commit(&self, act: Act, answer: &impl Serialize) -> AppResult<()> {
        #[cfg(test)]
        crate::numbers_killed::dies_here();
        let committed = act.commit(answer).await?;
        if committed.jobs > 0 {
            self.wake.notify_one();
        }
        for owner in committed.touched {
            // Nobody listening is fine.
            let _ = self.live.send(owner);
        }
        Ok(())
    }

    /// Whether agencies, people and documents are made up.
    pub fn has_sample_data(&self) -> bool {
        self.sample_data.load(Ordering::Relaxed)
    }

    /// Says where this program lies, so that it can start itself as the reader of foreign files.
    pub fn set_program(&self, program: PathBuf) {
        self.program.get_or_init(|| program);
    }

    /// Where this program lies, when it serves.
    pub fn program(&self) -> Option<&PathBuf> {
        self.program.get()
    }

    /// Waits for the turn of `key` on this node: it saves work, it protects nothing; what must be true is decided by the locks of the act.
    pub async fn turn(&self, key: &impl Hash) -> OwnedMutexGuard<()> {
        self.turns.of(key).await
    }

    /// Runs work that keeps a core busy, off the async threads and only so much of it at once.
    ///
    /// # Errors
    /// When the work panicked.
    pub async fn heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> AppResult<T> {
        let _permit = self.heavy.acquire().await.map_err(anyhow::Error::from)?;
        let app = self.clone();
        Ok(tokio::task::spawn_blocking(move || work(&app))
            .await
            .map_err(anyhow::Error::from)?)
    }

    /// The composer of official documents; fonts are searched once, on first use. Call it off the async threads.
    ///
    /// # Errors
    /// When no suitable font is installed.
    pub fn composer(&self) -> anyhow::Result<&Composer> {
        let made = self.composer.get_or_init(|| {
            Composer::new(&self.settings.documents.font_folders).map_err(|error| error.to_string())
        });
        made.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
    }
}

/// Who asks: a person in one of their posts, signed in by session or by token.
#[derive(Debug, Clone)]
pub struct Who {
    /// Facts that rules decide on.
    pub actor: Actor,
    /// Họ và tên.
    pub name: String,
    /// Chức vụ.
    pub title: String,
    /// Tên cơ quan.
    pub agency_name: String,
    /// Tên đơn vị, when the post belongs to one.
    pub unit_name: Option<String>,
    /// Token that forms send back; empty for API tokens.
    pub csrf: String,
    /// Whether this is a person at a browser, in the own session; a program with an API token is not.
    pub in_person: bool,
    /// Whether the password was made by an administrator and not changed yet: nothing else is open until then.
    pub must_change_password: bool,
    /// The person works in the place of somebody who handed work over: then the actor's post, the name and the title are
    /// those of whoever is replaced, and this tells who really acts.
    pub in_place: Option<InPlace>,
}

/// Working in somebody's place (xử lý thay), CN-805.
#[derive(Debug, Clone)]
pub struct InPlace {
    /// The delegation.
    pub delegation: Uuid,
    /// The post of whoever really acts.
    pub own_post: PostId,
    /// Their name and title.
    pub own_label: String,
    /// Whose work it is, name and title.
    pub giver: String,
    /// What was handed over.
    pub scope: Scope,
    /// The last day.
    pub until: Date,
}

impl Who {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.actor.account
    }
    /// The post.
    pub fn post(&self) -> PostId {
        self.actor.post
    }
    /// The post of whoever really acts: the own one also when working in somebody's place.
    pub fn own_post(&self) -> PostId {
        self.in_place
            .as_ref()
            .map_or(self.actor.post, |seat| seat.own_post)
    }
    /// Which functions were handed over, when working in somebody's place.
    pub fn scope(&self) -> Option<Scope> {
        self.actor.in_place
    }
    /// The agency.
    pub fn agency(&self) -> AgencyId {
        self.actor.agency
    }
    /// The unit.
    pub fn unit(&self) -> Option<UnitId> {
        self.actor.unit
    }
    /// The role.
    pub fn role(&self) -> Role {
        self.actor.role
    }
    /// Whether this is a clerk.
    pub fn is_clerk(&self) -> bool {
        self.actor.role == Role::Clerk
    }

    /// Name and title, as the journal and the history write them.
    pub fn label(&self) -> String {
        format!("{}, {}", self.name, self.title)
    }

    fn as_journal_actor(&self) -> store::Actor {
        store::Actor {
            account: Some(self.actor.account),
            post: Some(self.own_post()),
            agency: Some(self.actor.agency),
            on_behalf_of: self.in_place.as_ref().map(|_| self.actor.post),
            label: self.label(),
        }
    }

    /// Whose desks this person works at: the own post's, and for clerks the agency's common one.
    pub fn desks(&self) -> Vec<Uuid> {
        let mut owners = vec![self.post().as_uuid()];
        if self.is_clerk() {
            owners.push(self.agency().as_uuid());
        }
        owners
    }
}
