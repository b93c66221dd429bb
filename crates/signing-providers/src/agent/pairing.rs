//! Which pages may speak with the agent: a code that the person carries from the console to the page, then a token.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::ProviderError;
use crate::software::random;
use sha2::{Digest, Sha256};

/// A code is good for so long.
const CODE_LIVES: Duration = Duration::from_secs(600);
/// And for so many wrong answers.
const MAX_WRONG: u32 = 5;
/// Pairings that are kept; the oldest goes first.
const MAX_PAIRINGS: usize = 50;

struct Code {
    digits: String,
    until: Instant,
    wrong: u32,
}

/// The codes and tokens of an agent.
pub(super) struct Pairing {
    file: PathBuf,
    /// SHA-256 of the token in hex, and the origin it belongs to.
    known: Vec<(String, String)>,
    code: Option<Code>,
}

impl Pairing {
    /// Reads earlier pairings; a missing file means none.
    pub fn open(file: PathBuf) -> Result<Self, ProviderError> {
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(ProviderError::Config(format!("{}: {e}", file.display()))),
        };
        let known = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(h, o)| (h.to_owned(), o.to_owned()));
        Ok(Self {
            known: known.collect(),
            file,
            code: None,
        })
    }

    /// Whether this token was given to this origin.
    pub fn knows(&self, origin: &str, token: &str) -> bool {
        let hash = hash(token);
        // Digests are compared, so the time this takes tells nothing about the token.
        self.known.iter().any(|(h, o)| *h == hash && o == origin)
    }

    /// A code to show, unless one is being shown already.
    pub fn new_code(&mut self, now: Instant) -> Result<Option<String>, ProviderError> {
        if self
            .code
            .as_ref()
            .is_some_and(|c| c.until > now && c.wrong < MAX_WRONG)
        {
            return Ok(None);
        }
        let digits = format!("{:08}", u64::from_be_bytes(random()?) % 100_000_000);
        self.code = Some(Code {
            digits: digits.clone(),
            until: now + CODE_LIVES,
            wrong: 0,
        });
        Ok(Some(digits))
    }

    /// A token for the code, once.
    pub fn pair(
        &mut self,
        origin: &str,
        digits: &str,
        now: Instant,
    ) -> Result<Option<String>, ProviderError> {
        let Some(code) = self
            .code
            .as_mut()
            .filter(|c| c.until > now && c.wrong < MAX_WRONG)
        else {
            return Ok(None);
        };
        if hash(&code.digits) != hash(digits.trim()) {
            code.wrong += 1;
            return Ok(None);
        }
        self.code = None;
        let token = hex::encode(random::<32>()?);
        self.known.push((hash(&token), origin.to_owned()));
        let surplus = self.known.len().saturating_sub(MAX_PAIRINGS);
        self.known.drain(..surplus);
        self.save()
            .map_err(|e| ProviderError::Config(format!("{}: {e}", self.file.display())))?;
        Ok(Some(token))
    }

    /// Whole or not at all, readable by the owner only.
    fn save(&self) -> std::io::Result<()> {
        let text: String = self.known.iter().map(|(h, o)| format!("{h} {o}\n")).collect();
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = self.file.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&new)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&new, &self.file)
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_for_a_while_and_for_few_errors() {
        let now = Instant::now();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/pairings");
        let mut pairing = Pairing::open(file.clone()).unwrap();
        assert_eq!(
            pairing.pair("https://a", "00000000", now).unwrap(),
            None,
            "no code shown, none accepted"
        );
        let code = pairing.new_code(now).unwrap().unwrap();
        assert_eq!(
            pairing.new_code(now).unwrap(),
            None,
            "the code on the console stays good"
        );
        let token = pairing.pair("https://a", &code, now).unwrap().unwrap();
        assert_eq!(pairing.pair("https://a", &code, now).unwrap(), None, "once");
        assert!(pairing.knows("https://a", &token));
        assert!(!pairing.knows("https://b", &token), "another page");
        assert!(!pairing.knows("https://a", "khac"));
        // After a restart too; the token itself is not in the file.
        assert!(!std::fs::read_to_string(&file).unwrap().contains(&token));
        assert!(Pairing::open(file).unwrap().knows("https://a", &token));

        let code = pairing.new_code(now).unwrap().unwrap();
        for _ in 0..MAX_WRONG {
            assert_eq!(pairing.pair("https://a", "x", now).unwrap(), None);
        }
        assert_eq!(
            pairing.pair("https://a", &code, now).unwrap(),
            None,
            "too many errors"
        );
        let code = pairing.new_code(now).unwrap().unwrap();
        let now = now + CODE_LIVES + Duration::from_secs(1);
        assert_eq!(pairing.pair("https://a", &code, now).unwrap(), None, "too late");
    }
}
