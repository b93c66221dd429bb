//! Where the agent speaks with the person: never in the browser.

use async_trait::async_trait;

use crate::Secret;

/// The person at the PC.
#[async_trait]
pub trait Console: Send + Sync {
    /// Shows a line.
    fn tell(&self, text: &str);
    /// Asks for the PIN; none when the person gives up.
    async fn pin(&self, question: &str) -> Option<Secret>;
    /// Asks for a yes.
    async fn confirm(&self, question: &str) -> bool;
}

/// The terminal in which the agent was started. The PIN is not shown.
#[derive(Debug, Default, Clone, Copy)]
pub struct Terminal;

#[async_trait]
impl Console for Terminal {
    fn tell(&self, text: &str) {
        use std::io::Write;
        let mut out = std::io::stderr().lock();
        let _ = writeln!(out, "{text}");
    }

    async fn pin(&self, question: &str) -> Option<Secret> {
        let question = format!("{question}: ");
        let typed = tokio::task::spawn_blocking(move || rpassword::prompt_password(question).ok())
            .await
            .ok()??;
        (!typed.is_empty()).then(|| Secret::new(typed))
    }

    async fn confirm(&self, question: &str) -> bool {
        self.tell(&format!("{question} [c = có / k = không]"));
        let typed = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map(|_| line)
        });
        match typed.await {
            Ok(Ok(line)) => matches!(
                line.trim().to_lowercase().as_str(),
                "c" | "co" | "có" | "y" | "yes"
            ),
            _ => false,
        }
    }
}

/// A PIN that is known beforehand, and yes to everything: for tests, and for a PC whose terminal nobody sees.
#[derive(Debug, Clone)]
pub struct FixedPin(pub Secret);

#[async_trait]
impl Console for FixedPin {
    fn tell(&self, text: &str) {
        tracing::info!("{text}");
    }

    async fn pin(&self, _question: &str) -> Option<Secret> {
        Some(self.0.clone())
    }

    async fn confirm(&self, _question: &str) -> bool {
        true
    }
}

/// A text from outside as one line for the terminal: without control characters, which could hide what is signed.
pub(super) fn one_line(text: &str) -> String {
    let clean = text
        .chars()
        .map(|c| if c.is_control() || is_direction(c) { ' ' } else { c });
    clean.take(200).collect::<String>().trim().to_owned()
}

/// Characters that turn the direction of writing, and so what one reads.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_move_the_cursor() {
        assert_eq!(
            one_line("Tờ trình\u{1b}[2K\rCông văn\n\u{202e}x"),
            "Tờ trình [2K Công văn  x"
        );
        assert_eq!(one_line(&"ă".repeat(500)).chars().count(), 200);
    }
}
