//! What signing keeps in memory between requests. All of it can be read again from the database and the data folder.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use demo_pki::DemoPki;
use signing_providers::Provider;
use uuid::Uuid;

use super::trust::Loaded;

/// Opened places of keys, by id and revision of their settings.
type OpenedProviders = HashMap<Uuid, (i64, Arc<dyn Provider>)>;

/// See the module.
#[derive(Default)]
pub struct SigningMemory {
    /// Opened places of keys, by id and revision of their settings.
    pub(super) providers: Mutex<OpenedProviders>,
    /// The trust list with its evidence, as last read.
    pub(super) trust: Mutex<Option<Arc<Loaded>>>,
    /// The made-up authority of the demo, once it was asked for.
    pub(crate) demo: OnceLock<Arc<DemoPki>>,
}
