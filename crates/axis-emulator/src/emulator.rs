//! An axis that runs.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axis::client::{MessageKind, Operation};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::delivery::{self, Arrived, Handling, NotTaken};
use crate::directory::Directory;
use crate::faults::{Fault, Faults};
use crate::partner::{self, Command, Script, SentByPartner};
use crate::server;
use crate::shelf::{Shelf, State};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where an emulator runs.
pub struct Options {
    /// Where systems connect; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Where it is controlled: it should be this machine only, as nobody is asked for a password.
    pub control: SocketAddr,
    /// Where packets lie; a temporary folder when missing, deleted at the end.
    pub folder: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("control", &self.control)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// Any free ports of this machine, a temporary folder.
    pub fn local(clock: Clock) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            listen: any,
            control: any,
            folder: None,
            clock,
        }
    }
}

/// The directory and the packets, changed together.
#[derive(Debug)]
pub(crate) struct Books {
    pub(crate) directory: Directory,
    pub(crate) shelf: Shelf,
}

/// What all parts of the emulator share.
pub(crate) struct Hub {
    pub(crate) config: Config,
    pub(crate) faults: Faults,
    pub(crate) clock: Clock,
    /// Something was taken.
    pub(crate) arrived: Notify,
    pub(crate) scripts: Mutex<HashMap<String, Script>>,
    books: Mutex<Books>,
    requests: Mutex<BTreeMap<String, u64>>,
    distrusted: AtomicU64,
    uploads: AtomicU64,
    folder: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Hub {
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn scripts(&self) -> MutexGuard<'_, HashMap<String, Script>> {
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) fn count(&self, operation: Operation) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let name = operation.path().trim_start_matches('/').to_owned();
        *requests.entry(name).or_default() += 1;
    }

    pub(crate) fn distrust(&self) {
        self.distrusted.fetch_add(1, Ordering::Relaxed);
    }

    /// A file for bytes that are arriving.
    pub(crate) fn upload_path(&self) -> PathBuf {
        let number = self.uploads.fetch_add(1, Ordering::Relaxed);
        self.folder.join(format!("arriving-{number}.part"))
    }

    pub(crate) fn take(&self, arrived: &Arrived<'_>, faults: &[Fault]) -> Result<String, NotTaken> {
        let handling = Handling {
            preserve_bytes: self.config.preserve_bytes,
            strict: self.config.strict,
            node_code: self.config.node_code.clone(),
        };
        let mut books = self.books();
        let Books { directory, shelf } = &mut *books;
        let taken = delivery::take(shelf, directory, &handling, arrived, faults);
        drop(books);
        self.arrived.notify_waiters();
        taken
    }

    pub(crate) fn state(&self) -> State {
        let mut state = self.books().shelf.state();
        state.requests = self
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        state.distrusted = self.distrusted.load(Ordering::Relaxed);
        state
    }

    pub(crate) fn reset(&self) {
        let mut books = self.books();
        books.directory = Directory::new(&self.config);
        books.shelf.clear();
        drop(books);
        *self.scripts() = partner::scripts(&self.config);
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.distrusted.store(0, Ordering::Relaxed);
        self.faults.clear();
    }
}

/// A running axis. It ends when it is dropped.
pub struct Emulator {
    hub: Arc<Hub>,
    axis: SocketAddr,
    control: SocketAddr,
    stopping: CancellationToken,
    tasks: JoinSet<()>,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Emulator")
            .field("axis", &self.axis)
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Starts it.
    ///
    /// # Errors
    /// When the configuration is wrong, a port is taken or the folder cannot be written.
    pub async fn start(config: Config, options: Options) -> io::Result<Self> {
        config
            .check()
            .map_err(|what| io::Error::new(io::ErrorKind::InvalidInput, what))?;
        let (folder, temporary) = match options.folder {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                (folder, None)
            }
            None => {
                let made = tempfile::tempdir()?;
                (made.path().to_owned(), Some(made))
            }
        };
        let hub = Arc::new(Hub {
            books: Mutex::new(Books {
                directory: Directory::new(&config),
                shelf: Shelf::new(folder.clone(), config.seed),
            }),
            scripts: Mutex::new(partner::scripts(&config)),
            faults: Faults::new(config.seed),
            clock: options.clock,
            arrived: Notify::new(),
            requests: Mutex::default(),
            distrusted: AtomicU64::default(),
            uploads: AtomicU64::default(),
            folder,
            _temporary: temporary,
            config,
        });
        let listener = TcpListener::bind(options.listen).await?;
        let axis = listener.local_addr()?;
        let control_listener = TcpListener::bind(options.control).await?;
        let control = control_listener.local_addr()?;
        let stopping = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let down = hub.faults.watch_down();
        tasks.spawn(server::serve(
            listener,
            server::axis::router(&hub),
            Some(down),
            stopping.clone(),
        ));
        tasks.spawn(server::serve(
            control_listener,
            server::control::router(&hub),
            None,
            stopping.clone(),
        ));
        tasks.spawn(partner::run(hub.clone(), stopping.clone()));
        Ok(Self {
            hub,
            axis,
            control,
            stopping,
            tasks,
        })
    }

    /// Base address of the axis.
    pub fn url(&self) -> String {
        format!("http://{}", self.axis)
    }

    /// Base address of the control API.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// `host:port` of the axis, as `plain_http_hosts` of a connection wants it.
    pub fn host(&self) -> String {
        self.axis.to_string()
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults {
        &self.hub.faults
    }

    /// Packets and counts.
    pub fn state(&self) -> State {
        self.hub.state()
    }

    /// Forgets packets, troubles, registrations and changed scripts.
    pub fn reset(&self) {
        self.hub.reset();
    }

    /// How the agency of this code answers from now on; nobody plays it when `None`.
    pub fn script(&self, code: &str, script: Option<Script>) {
        partner::set_script(&self.hub, code, script);
    }

    /// A played agency sends something.
    ///
    /// # Errors
    /// Why the axis does not take it.
    pub fn partner_sends(&self, command: &Command) -> Result<SentByPartner, String> {
        partner::send(&self.hub, command)
    }

    /// How many packets of a kind wait for a system.
    pub fn waiting(&self, system: &str, kind: MessageKind) -> usize {
        let window = axis::client::Window::default();
        let now = self.hub.now();
        self.hub.books().shelf.waiting(system, kind, window, now).len()
    }

    /// Stops, and waits until nothing runs any more.
    pub async fn stop(mut self) {
        self.stopping.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}
