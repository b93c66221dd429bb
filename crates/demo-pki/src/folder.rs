//! Keeping the authority and the keys it issued in a folder that only its owner may read.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use der::pem::{self, LineEnding};
use jiff::Timestamp;

use crate::authority::{Authority, Options, serial_hex};
use crate::{DemoPki, Error, Issued, Urls};

const SETTINGS: &str = "authority.json";
const KEY: &str = "PRIVATE KEY";
const CERTIFICATE: &str = "CERTIFICATE";

impl DemoPki {
    /// Writes keys and certificates as PEM files into `dir` (made with mode 0700, files 0600).
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), Error> {
        make_folder(dir)?;
        for (stem, authority) in self.parts() {
            write_pem(
                &dir.join(format!("{stem}.key.pem")),
                KEY,
                &[authority.key.to_pkcs8()?],
            )?;
            write_pem(&dir.join(format!("{stem}.pem")), CERTIFICATE, &[authority.der()?])?;
        }
        // last: its presence says that the folder is complete
        write(
            &dir.join(SETTINGS),
            serde_json::to_string_pretty(&self.urls)?.as_bytes(),
        )
    }

    /// Reads what [`DemoPki::save`] wrote.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Settings`], [`Error::Key`], [`Error::Asn1`] when the folder is not such a one.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        let urls: Urls = serde_json::from_slice(&read(&dir.join(SETTINGS))?)?;
        let part = |stem: &str| {
            let key = read_pem(&dir.join(format!("{stem}.key.pem")), KEY)?;
            let certificate = read_pem(&dir.join(format!("{stem}.pem")), CERTIFICATE)?;
            Authority::read(&first(key)?, &first(certificate)?)
        };
        Ok(Self {
            root: part("root")?,
            issuing: part("issuing")?,
            responder: part("ocsp")?,
            time_stamping: part("tsa")?,
            urls,
        })
    }

    /// Loads the folder, or makes a new authority there when it has none yet; addresses in certificates issued from now on are
    /// those of `options` in both cases.
    ///
    /// # Errors
    /// As [`DemoPki::create`], [`DemoPki::save`] and [`DemoPki::load`].
    pub fn open(dir: &Path, at: Timestamp, options: Options) -> Result<Self, Error> {
        if dir.join(SETTINGS).exists() {
            let mut pki = Self::load(dir)?;
            pki.urls = options.urls;
            return Ok(pki);
        }
        let pki = Self::create_with(at, options)?;
        pki.save(dir)?;
        Ok(pki)
    }

    fn parts(&self) -> [(&'static str, &Authority); 4] {
        [
            ("root", &self.root),
            ("issuing", &self.issuing),
            ("ocsp", &self.responder),
            ("tsa", &self.time_stamping),
        ]
    }
}

impl Issued {
    /// Writes `<name>.key.pem` (when there is a key) and `<name>.chain.pem`, leaf first, with mode 0600.
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written.
    pub fn save(&self, dir: &Path, name: &str) -> Result<(), Error> {
        make_folder(dir)?;
        if !self.key_pkcs8.is_empty() {
            write_pem(
                &dir.join(format!("{name}.key.pem")),
                KEY,
                std::slice::from_ref(&self.key_pkcs8),
            )?;
        }
        write_pem(&dir.join(format!("{name}.chain.pem")), CERTIFICATE, &self.chain)
    }

    /// Reads what [`Issued::save`] wrote.
    ///
    /// # Errors
    /// As [`DemoPki::load`].
    pub fn load(dir: &Path, name: &str) -> Result<Self, Error> {
        let key = dir.join(format!("{name}.key.pem"));
        let key_pkcs8 = if key.exists() {
            first(read_pem(&key, KEY)?)?
        } else {
            Vec::new()
        };
        let chain = read_pem(&dir.join(format!("{name}.chain.pem")), CERTIFICATE)?;
        let leaf = der::Decode::from_der(&first(chain.clone())?)?;
        Ok(Self {
            key_pkcs8,
            serial: serial_hex(&leaf),
            chain,
        })
    }
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.display().to_string(),
        source,
    }
}

fn make_folder(dir: &Path) -> Result<(), Error> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|source| failed(dir, source))
}

fn write_pem(path: &Path, label: &'static str, blocks: &[Vec<u8>]) -> Result<(), Error> {
    let mut text = String::new();
    for block in blocks {
        text.push_str(&pem::encode_string(label, LineEnding::LF, block).map_err(Error::key)?);
    }
    write(path, text.as_bytes())
}

/// A new file beside the old one and then in its place: a reader never sees half a key, and the mode is right from the start.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let draft = path.with_extension("new");
    let attempt = || {
        if draft.exists() {
            std::fs::remove_file(&draft)?;
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    };
    attempt().map_err(|source| failed(path, source))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| failed(path, source))
}

fn read_pem(path: &Path, label: &str) -> Result<Vec<Vec<u8>>, Error> {
    let bytes = read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let end = format!("-----END {label}-----\n");
    let mut blocks = Vec::new();
    for block in text.split_inclusive(end.as_str()) {
        if block.trim().is_empty() {
            continue;
        }
        let (found, der) = pem::decode_vec(block.as_bytes()).map_err(Error::key)?;
        if found != label {
            return Err(Error::key(format!("{found} where {label} belongs")));
        }
        blocks.push(der);
    }
    Ok(blocks)
}

fn first(blocks: Vec<Vec<u8>>) -> Result<Vec<u8>, Error> {
    blocks
        .into_iter()
        .next()
        .ok_or_else(|| Error::key("an empty file"))
}
