//! Every setting, its default and its meaning. `vanthu.toml` and `VANTHU__SECTION__NAME` in the environment set
//! them; an unknown key is an error. `vanthu.sample.toml` documents them, and a test keeps it complete.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// All settings of an installation.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the program listens.
    pub server: Server,
    /// Where data lie.
    pub data: Data,
    /// Signing in.
    pub sign_in: SignIn,
    /// Documents and their files.
    pub documents: Documents,
    /// Digital signatures.
    pub signing: Signing,
    /// Exchange with other systems.
    pub exchange: Exchange,
    /// What the program writes about itself.
    pub log: Log,
}

/// Where the program listens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub address: String,
    /// The address people type, without a slash at the end: forms from anywhere else are refused.
    /// Empty: the program answers on 127.0.0.1 and localhost only.
    pub public_url: String,
    /// Cookies travel over HTTPS only. Browsers count 127.0.0.1 and localhost as secure; switch off only on a
    /// closed network without HTTPS.
    pub secure_cookies: bool,
    /// A reverse proxy of ours stands before the program and names the client in `X-Forwarded-For`.
    pub behind_proxy: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            address: "127.0.0.1:8080".to_owned(),
            public_url: String::new(),
            secure_cookies: true,
            behind_proxy: false,
        }
    }
}

/// Where data lie.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// Folder of the database and the files.
    pub folder: PathBuf,
    /// `sqlite:<path>` or `postgres://…`. Empty: `vanthu.db` in the data folder.
    pub database: String,
    /// Reading connections (SQLite) or all connections (PostgreSQL).
    pub connections: u32,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("data"),
            database: String::new(),
            connections: 8,
        }
    }
}

impl Data {
    /// The address of the database.
    pub fn database_address(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite:{}", self.folder.join("vanthu.db").display())
        } else {
            self.database.clone()
        }
    }
}

/// Signing in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// A session ends after so many hours without use.
    pub session_hours: u32,
    /// How long an account stays locked after five wrong passwords, in minutes.
    pub lock_minutes: u32,
    /// The same for administrators, in minutes: somebody must be able to open the accounts of others.
    pub administrator_lock_minutes: u32,
    /// Failed sign-ins per minute from one network address before it has to wait.
    pub failures_per_minute: u32,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            session_hours: 10,
            lock_minutes: 720,
            administrator_lock_minutes: 15,
            failures_per_minute: 60,
        }
    }
}

/// Documents and their files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Documents {
    /// LibreOffice, to turn DOCX into PDF. When it is not there, officers are asked for a PDF.
    pub libreoffice: String,
    /// Folders searched for fonts besides the system's.
    pub font_folders: Vec<PathBuf>,
    /// A deadline counts as soon due so many working days before.
    pub due_soon_days: u32,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            libreoffice: "soffice".to_owned(),
            font_folders: Vec::new(),
            due_soon_days: 2,
        }
    }
}

/// Digital signatures. What administrators decide (trust, keys, time stamps) stands in the database, not here.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signing {
    /// File of the key under which secrets of providers are encrypted in the database; made when it is not there. All
    /// nodes of an installation need the same. Empty: `secrets.key` in the data folder.
    pub key_file: PathBuf,
    /// Libraries of tokens and HSM (PKCS#11) that the server may load, by their full paths. They run inside the program, so
    /// no page can name others. Empty: none.
    pub pkcs11_modules: Vec<PathBuf>,
}

/// Exchange with other systems. The connections themselves stand in the database: administrators set them on a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exchange {
    /// A document that was sent counts as stuck when its recipient's system says nothing (01) within so many minutes.
    pub arrival_minutes: u32,
    /// And when the recipient neither accepts nor refuses it within so many working hours (QC01-14.3a).
    pub reception_hours: u32,
    /// A send whose outcome is unknown is repeated only when the axis has not shown it for so many minutes.
    pub unknown_minutes: u32,
}

impl Default for Exchange {
    fn default() -> Self {
        Self {
            arrival_minutes: 60,
            reception_hours: 8,
            unknown_minutes: 15,
        }
    }
}

/// What the program writes about itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Filter of `tracing`: `info`, `vanthu=debug,info`.
    pub filter: String,
    /// One JSON object per line instead of text.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "info,sqlx=warn".to_owned(),
            json: false,
        }
    }
}

impl Settings {
    /// Reads the file (when given, or `vanthu.toml` when it is there) and the environment.
    ///
    /// # Errors
    /// When the file is missing though given, or a key or value is not known.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let source = match file {
            Some(path) => config::File::from(path).required(true),
            None => config::File::with_name("vanthu")
                .format(config::FileFormat::Toml)
                .required(false),
        };
        let environment = config::Environment::with_prefix("VANTHU")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true);
        let settings = config::Config::builder()
            .add_source(source)
            .add_source(environment)
            .build()?;
        Ok(settings.try_deserialize()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_documents_every_setting_with_its_default() {
        let text = include_str!("../../../vanthu.sample.toml");
        let uncommented: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|l| l.contains(" = "))
                    .unwrap_or(line)
            })
            .map(|l| format!("{l}\n"))
            .collect();
        let sample: Settings = config::Config::builder()
            .add_source(config::File::from_str(&uncommented, config::FileFormat::Toml))
            .build()
            .unwrap()
            .try_deserialize()
            .unwrap();
        assert_eq!(
            serde_json::to_value(&sample).unwrap(),
            serde_json::to_value(Settings::default()).unwrap()
        );
        let serde_json::Value::Object(sections) = serde_json::to_value(Settings::default()).unwrap() else {
            panic!()
        };
        for (section, keys) in sections {
            assert!(
                text.contains(&format!("[{section}]")),
                "{section} is not documented"
            );
            for key in keys.as_object().unwrap().keys() {
                assert!(
                    uncommented.contains(&format!("\n{key} = ")),
                    "{section}.{key} is not documented"
                );
            }
        }
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vanthu.toml");
        std::fs::write(&path, "[server]\nadres = \"0.0.0.0:80\"\n").unwrap();
        assert!(
            Settings::load(Some(&path))
                .unwrap_err()
                .to_string()
                .contains("adres")
        );
    }
}
