//! The directory: real entries of the systems, and made-up ones for load.

use std::collections::HashMap;

use axis::client::NewAgency;
use bytes::Bytes;
use serde_json::json;

use crate::config::{AgencyEntry, Config};

/// An entry and the system it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) agency: AgencyEntry,
    /// The system; nobody for those that are locked.
    pub(crate) system: Option<String>,
    deleted: bool,
}

/// Who a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose<'a> {
    Nobody,
    Locked,
    Of(&'a str),
}

#[derive(Debug)]
pub(crate) struct Directory {
    entries: Vec<Entry>,
    /// Codes in capitals, old ones too.
    by_code: HashMap<String, usize>,
    generated: u32,
}

/// Which list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Old,
    Qd20,
    Units,
}

impl Directory {
    pub(crate) fn new(config: &Config) -> Self {
        let mut made = Self {
            entries: Vec::new(),
            by_code: HashMap::new(),
            generated: config.directory_entries,
        };
        for system in &config.systems {
            for agency in &system.agencies {
                made.add(agency.clone(), Some(system.id.clone()));
            }
        }
        for agency in &config.locked {
            made.add(agency.clone(), None);
        }
        made
    }

    fn add(&mut self, agency: AgencyEntry, system: Option<String>) {
        let at = self.entries.len();
        for code in std::iter::once(&agency.code).chain(&agency.old_code) {
            self.by_code.insert(code.trim().to_uppercase(), at);
        }
        self.entries.push(Entry {
            agency,
            system,
            deleted: false,
        });
    }

    pub(crate) fn find(&self, code: &str) -> Option<&Entry> {
        let at = *self.by_code.get(&code.trim().to_uppercase())?;
        self.entries.get(at).filter(|entry| !entry.deleted)
    }

    pub(crate) fn whose(&self, code: &str) -> Whose<'_> {
        match self.find(code) {
            None => Whose::Nobody,
            Some(Entry { system: None, .. }) => Whose::Locked,
            Some(Entry { system: Some(id), .. }) => Whose::Of(id),
        }
    }

    /// Registers an agency of a system; one that is there already belongs to whom it belongs.
    pub(crate) fn register(&mut self, new: &NewAgency, system: &str) -> bool {
        if new.code.trim().is_empty() || self.find(&new.code).is_some() {
            return false;
        }
        let mut agency = AgencyEntry::new(new.code.trim(), &new.name);
        agency.parent = Some(new.parent_code.clone()).filter(|p| !p.is_empty());
        agency.mail = Some(new.mail.clone()).filter(|m| !m.is_empty());
        self.add(agency, Some(system.to_owned()));
        true
    }

    /// Deletes an agency of a system.
    pub(crate) fn delete(&mut self, code: &str, system: &str) -> bool {
        if self.whose(code) != Whose::Of(system) {
            return false;
        }
        let Some(at) = self.by_code.get(&code.trim().to_uppercase()) else {
            return false;
        };
        self.entries[*at].deleted = true;
        true
    }

    /// The answer in pieces of a thousand entries: the whole of it is never in memory.
    pub(crate) fn pages(
        &self,
        form: Form,
        level: Option<u8>,
    ) -> impl Iterator<Item = Bytes> + Send + 'static {
        let shown: Vec<serde_json::Value> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| form == Form::Units || !entry.deleted)
            .filter(|(_, entry)| level.is_none_or(|l| level_of(&entry.agency.code) == l))
            .map(|(id, entry)| row(form, id + 1, &entry.agency, entry.deleted))
            .collect();
        let first = shown.len();
        let generated = if level.is_none() { self.generated } else { 0 };
        let head = std::iter::once(Bytes::from_static(
            br#"{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":["#,
        ));
        let own = std::iter::once(Bytes::from(joined(shown.into_iter(), true)));
        let pages = (0..generated.div_ceil(1000)).map(move |page| {
            let numbers = page * 1000..((page + 1) * 1000).min(generated);
            let rows = numbers.map(|n| row(form, 1_000_000 + n as usize, &made_up(n), false));
            Bytes::from(joined(rows, first == 0 && page == 0))
        });
        head.chain(own)
            .chain(pages)
            .chain(std::iter::once(Bytes::from_static(b"]}")))
    }
}

fn joined(rows: impl Iterator<Item = serde_json::Value>, first: bool) -> String {
    rows.enumerate()
        .map(|(i, row)| {
            if first && i == 0 {
                row.to_string()
            } else {
                format!(",{row}")
            }
        })
        .collect()
}

fn level_of(code: &str) -> u8 {
    u8::try_from(code.matches('.').count() + 1).unwrap_or(u8::MAX)
}

/// The number-th agency for load, in three levels below the made-up sectors X01 to X99.
fn made_up(number: u32) -> AgencyEntry {
    let (sector, second, third) = (number / 1200 % 99 + 1, number / 40 % 30, number % 40);
    let (code, old, name) = match (second, third) {
        (0, 0) => (
            format!("X{sector:02}"),
            format!("000.00.00.X{sector:02}"),
            format!("Ngành mẫu {sector}"),
        ),
        (_, 0) => (
            format!("X{sector:02}.{second:02}"),
            format!("000.00.{second:02}.X{sector:02}"),
            format!("Cơ quan mẫu {second} ngành {sector}"),
        ),
        _ => (
            format!("X{sector:02}.{second:02}.{third:02}"),
            format!("000.{third:02}.{second:02}.X{sector:02}"),
            format!("Đơn vị mẫu {third} thuộc cơ quan {second} ngành {sector}"),
        ),
    };
    AgencyEntry {
        mail: Some(format!("vanthu.{number}@example.vn")),
        old_code: Some(old),
        ..AgencyEntry::new(&code, &name)
    }
}

fn row(form: Form, id: usize, agency: &AgencyEntry, deleted: bool) -> serde_json::Value {
    let AgencyEntry {
        code,
        old_code,
        name,
        parent,
        mail,
        ..
    } = agency;
    match form {
        Form::Old => json!({
            "id": id.to_string(), "pid": parent, "code": code, "name": name, "mail": mail, "oldCode": old_code,
        }),
        Form::Qd20 => json!({
            "id": id.to_string(), "code": code, "name": name, "mail": mail, "code102": old_code,
        }),
        Form::Units => json!({
            "id": id.to_string(), "pid": parent, "code": code, "name": name, "mail": mail, "version": "1",
            "centerCode": code.split('.').next(), "deleted": deleted, "modifyDate": "01/01/2026 00:00:00",
            "isAgency": true,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(directory: &Directory, form: Form, level: Option<u8>) -> serde_json::Value {
        let bytes: Vec<u8> = directory.pages(form, level).flatten().collect();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn edxml_12_5_the_directory_is_one_list_of_any_length() {
        for entries in [0, 1, 999, 1000, 2001] {
            for base in [Config::demo(), Config::default()] {
                let config = Config {
                    directory_entries: entries,
                    ..base
                };
                let directory = Directory::new(&config);
                let own =
                    config.systems.iter().map(|s| s.agencies.len()).sum::<usize>() + config.locked.len();
                let rows = whole(&directory, Form::Old, None)["data"]
                    .as_array()
                    .unwrap()
                    .len();
                assert_eq!(rows, own + entries as usize);
            }
        }
    }

    #[test]
    fn made_up_codes_are_all_different() {
        let codes: std::collections::HashSet<String> = (0..111_000).map(|n| made_up(n).code).collect();
        assert_eq!(codes.len(), 111_000);
    }

    #[test]
    fn old_and_new_codes_are_the_same_agency() {
        let mut directory = Directory::new(&Config::demo());
        assert_eq!(directory.whose("000.00.05.h16 "), Whose::Of("DEMO-QLVB"));
        assert_eq!(directory.whose("G99.99"), Whose::Locked);
        assert_eq!(directory.whose("G98"), Whose::Nobody);
        let new = NewAgency {
            code: "H16.77".to_owned(),
            ..NewAgency::default()
        };
        assert!(directory.register(&new, "DEMO-QLVB"));
        assert!(!directory.register(&new, "DEMO-KIT"));
        assert!(!directory.delete("H16.77", "DEMO-KIT"));
        assert!(directory.delete("H16.77", "DEMO-QLVB"));
        assert_eq!(directory.whose("H16.77"), Whose::Nobody);
        let level = whole(&directory, Form::Qd20, Some(1));
        let codes: Vec<&str> = level["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["H16", "G90", "G99"]);
        let units = whole(&directory, Form::Units, None);
        assert!(
            units["data"]
                .as_array()
                .unwrap()
                .iter()
                .any(|r| r["deleted"] == true)
        );
    }
}
