//! What an emulator is made of. All names, codes and secrets are made up.

use outbound::Secret;
use serde::Deserialize;

use crate::partner::Script;

/// An axis with its systems.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// From it come ids and troubles.
    pub seed: u64,
    /// Messages arrive byte for byte as they were sent. The real axis writes them anew.
    pub preserve_bytes: bool,
    /// Messages that are not well-formed are refused (10, 22) instead of delivered as they are.
    pub strict: bool,
    /// Code of the axis' own node in TraceHeaders.
    pub node_code: String,
    /// How far the clock of a caller may be off, in seconds; not checked when missing.
    pub clock_tolerance_seconds: Option<u64>,
    /// The largest message in bytes.
    pub message_bytes: u64,
    /// Entries of the directory made up for load, beside the agencies below.
    pub directory_entries: u32,
    /// Systems that may connect.
    pub systems: Vec<System>,
    /// Agencies of the directory that belong to no system: packets to them are refused (23).
    pub locked: Vec<AgencyEntry>,
}

/// A connected system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its id.
    pub id: String,
    /// Its secret. It is shown at the start: it is for tests.
    pub secret: Secret,
    /// Its agencies.
    pub agencies: Vec<AgencyEntry>,
}

/// An agency of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyEntry {
    /// Code of QĐ 20/2020.
    pub code: String,
    /// Code of 13 characters; packets to it arrive as well.
    #[serde(default)]
    pub old_code: Option<String>,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Code of the agency above it.
    #[serde(default)]
    pub parent: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub mail: Option<String>,
    /// The emulator itself plays this agency.
    #[serde(default)]
    pub partner: Option<Script>,
}

impl AgencyEntry {
    /// An agency with a code and a name.
    pub fn new(code: &str, name: &str) -> Self {
        Self {
            code: code.to_owned(),
            old_code: None,
            name: name.to_owned(),
            parent: None,
            mail: None,
            partner: None,
        }
    }

    fn played(mut self, script: Script) -> Self {
        self.partner = Some(script);
        self
    }

    fn formerly(mut self, code: &str) -> Self {
        self.old_code = Some(code.to_owned());
        self
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            preserve_bytes: false,
            strict: false,
            node_code: "02.29.W00".to_owned(),
            clock_tolerance_seconds: None,
            message_bytes: 1 << 30,
            directory_entries: 0,
            systems: Vec::new(),
            locked: Vec::new(),
        }
    }
}

impl Config {
    /// Two systems to connect and one that the emulator plays: `DEMO-QLVB` for the product, `DEMO-KIT` for the
    /// conformance kit, `DEMO-DOI-TAC` with agencies that accept, refuse, agree to and refuse recalls, and keep silent.
    pub fn demo() -> Self {
        let system = |id: &str, secret: &str, agencies| System {
            id: id.to_owned(),
            secret: Secret::new(secret),
            agencies,
        };
        let answers = |codes: &[&str]| Script {
            answers: codes.iter().map(|code| (*code).to_owned()).collect(),
            ..Script::default()
        };
        let whole = ["01", "03", "04", "05", "06"];
        Self {
            systems: vec![
                system(
                    "DEMO-QLVB",
                    "demo-secret-qlvb",
                    vec![
                        AgencyEntry::new("H16", "UBND tỉnh Ví Dụ").formerly("000.00.00.H16"),
                        AgencyEntry::new("H16.05", "Sở Ví Dụ").formerly("000.00.05.H16"),
                        AgencyEntry::new("H16.30", "UBND huyện Mẫu").formerly("000.00.30.H16"),
                    ],
                ),
                system(
                    "DEMO-KIT",
                    "demo-secret-kit",
                    vec![
                        AgencyEntry::new("G90", "Bộ Kiểm Thử").formerly("000.00.00.G90"),
                        AgencyEntry::new("G90.01", "Văn phòng Bộ Kiểm Thử"),
                    ],
                ),
                system(
                    "DEMO-DOI-TAC",
                    "demo-secret-doi-tac",
                    vec![
                        AgencyEntry::new("G99", "Bộ Ví Dụ")
                            .formerly("000.00.00.G99")
                            .played(answers(&whole)),
                        AgencyEntry::new("G99.01", "Cục Từ Chối").played(answers(&["01", "02"])),
                        AgencyEntry::new("G99.02", "Cục Không Cho Lấy Lại").played(Script {
                            recall_answer: Some("16".to_owned()),
                            ..answers(&whole)
                        }),
                        AgencyEntry::new("G99.03", "Cục Im Lặng").played(answers(&[])),
                    ],
                ),
            ],
            locked: vec![AgencyEntry::new("G99.99", "Cục Đã Khóa")],
            ..Self::default()
        }
    }

    /// Checks that codes and ids are there once.
    ///
    /// # Errors
    /// What is wrong, in Vietnamese.
    pub fn check(&self) -> Result<(), String> {
        let mut seen = std::collections::HashSet::new();
        let agencies = self.systems.iter().flat_map(|s| &s.agencies).chain(&self.locked);
        for agency in agencies {
            for code in std::iter::once(&agency.code).chain(&agency.old_code) {
                if code.trim().is_empty() {
                    return Err("có cơ quan chưa có mã định danh".to_owned());
                }
                if !seen.insert(code.to_uppercase()) {
                    return Err(format!("mã định danh “{code}” có hai lần"));
                }
            }
        }
        let mut ids = std::collections::HashSet::new();
        for system in &self.systems {
            if system.id.is_empty() || system.secret.is_empty() {
                return Err("mỗi hệ thống phải có id và secret".to_owned());
            }
            if !ids.insert(&system.id) {
                return Err(format!("hệ thống “{}” có hai lần", system.id));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_consistent_and_mistakes_are_told() {
        Config::demo().check().unwrap();
        let mut twice = Config::demo();
        twice.locked.push(AgencyEntry::new("h16.05", "Trùng"));
        assert!(twice.check().unwrap_err().contains("hai lần"));
    }
}
