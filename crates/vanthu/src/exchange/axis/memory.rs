//! What the connections keep in memory. All of it can be read again from the database.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axis::client::AxisTransport;
use tokio::sync::Notify;
use uuid::Uuid;

use super::sent_lists::SentLists;

/// Opened connections by id and the time of their settings.
type Opened = HashMap<Uuid, (i64, Arc<dyn AxisTransport>)>;

/// See the module.
pub struct AxisMemory {
    /// Which node this is: one at a time works on a connection.
    pub(super) node: Uuid,
    /// Wakes the workers when something is to be sent.
    pub(super) wake: Notify,
    opened: Mutex<Opened>,
    /// What the axis last listed as sent.
    pub(super) sent_lists: SentLists,
    /// Where the program is to stop dead.
    #[cfg(test)]
    pub(super) crash: super::faults::Crash,
}

impl AxisMemory {
    /// Of the node with this id.
    pub fn of_node(node: Uuid) -> Self {
        Self {
            node,
            wake: Notify::new(),
            opened: Mutex::new(HashMap::new()),
            sent_lists: SentLists::default(),
            #[cfg(test)]
            crash: super::faults::Crash::default(),
        }
    }

    /// The opened connection, unless its settings changed since.
    pub(super) fn opened(&self, id: Uuid, settings: i64) -> Option<Arc<dyn AxisTransport>> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened
            .get(&id)
            .filter(|(known, _)| *known == settings)
            .map(|(_, transport)| transport.clone())
    }

    /// Keeps an opened connection.
    pub(super) fn keep(&self, id: Uuid, settings: i64, transport: Arc<dyn AxisTransport>) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert(id, (settings, transport));
    }
}
