//! The form: one card per stage, read into steps and shown from them.

use rules::{
    access::Action,
    people::Role,
    process::{Process, Stage, Step},
};

use crate::{
    error::{AppError, AppResult},
    web::page::Choice,
};

/// A card of the form.
#[derive(Debug, Clone)]
pub struct Card {
    pub key: &'static str,
    pub label: &'static str,
    /// Whether the process has a step for this stage.
    pub used: bool,
    pub name: String,
    pub role: String,
    pub term: String,
    pub acts: Vec<Choice>,
    pub chosen_acts: Vec<String>,
    pub nexts: Vec<Choice>,
    pub chosen_next: Vec<String>,
    pub is_end: bool,
}

/// The fields of the form as they were sent.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The value of a field; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.trim())
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
            .collect()
    }
}

/// The cards of a process.
pub fn cards_of(process: &Process) -> Vec<Card> {
    let card = |stage: &Stage| {
        let step = process.step(*stage);
        Card {
            used: step.is_some(),
            name: step.map_or_else(|| stage.label().to_owned(), |step| step.name.clone()),
            role: step
                .and_then(|step| step.role)
                .map(|role| role.as_str().to_owned())
                .unwrap_or_default(),
            term: step
                .and_then(|step| step.term)
                .map(|term| term.to_string())
                .unwrap_or_default(),
            chosen_acts: step.map_or_else(Vec::new, |step| names(&step.acts, Action::as_str)),
            chosen_next: step.map_or_else(Vec::new, |step| names(&step.next, Stage::as_str)),
            ..empty(*stage)
        }
    };
    Stage::ALL.iter().map(card).collect()
}

fn names<T: Copy>(values: &[T], name: impl Fn(T) -> &'static str) -> Vec<String> {
    values.iter().map(|value| name(*value).to_owned()).collect()
}

/// The cards as they were sent.
pub fn cards_sent(fields: &Fields) -> Vec<Card> {
    let card = |stage: &Stage| {
        let key = stage.as_str();
        Card {
            used: !fields.text(&format!("use_{key}")).is_empty(),
            name: fields.text(&format!("name_{key}")).to_owned(),
            role: fields.text(&format!("role_{key}")).to_owned(),
            term: fields.text(&format!("term_{key}")).to_owned(),
            chosen_acts: fields.all(&format!("acts_{key}")),
            chosen_next: fields.all(&format!("next_{key}")),
            ..empty(*stage)
        }
    };
    Stage::ALL.iter().map(card).collect()
}

fn empty(stage: Stage) -> Card {
    let reachable: Vec<Stage> = Stage::ALL
        .iter()
        .copied()
        .filter(|next| stage.acts().iter().any(|act| stage.after(*act).contains(next)))
        .collect();
    Card {
        key: stage.as_str(),
        label: stage.label(),
        used: false,
        name: String::new(),
        role: String::new(),
        term: String::new(),
        acts: stage
            .acts()
            .iter()
            .map(|act| Choice::new(act.as_str(), act.label()))
            .collect(),
        chosen_acts: Vec::new(),
        nexts: reachable
            .iter()
            .map(|next| Choice::new(next.as_str(), next.label()))
            .collect(),
        chosen_next: Vec::new(),
        is_end: stage == Stage::Finished,
    }
}

/// The process that was sent.
///
/// # Errors
/// [`AppError::BadInput`] for a value that the form does not offer.
pub fn read(fields: &Fields) -> AppResult<Process> {
    let mut steps = Vec::new();
    for card in cards_sent(fields).into_iter().filter(|card| card.used) {
        let stage = parse::<Stage>(card.key, card.label, "khâu")?;
        let role = match card.role.as_str() {
            "" => None,
            role => Some(parse::<Role>(role, card.label, "người chịu trách nhiệm")?),
        };
        let term = match card.term.as_str() {
            "" => None,
            term => Some(parse::<u32>(term, card.label, "thời hạn")?.min(365)),
        };
        let acts = card
            .chosen_acts
            .iter()
            .map(|act| parse(act, card.label, "thao tác"))
            .collect::<AppResult<Vec<Action>>>()?;
        let next = card
            .chosen_next
            .iter()
            .map(|next| parse(next, card.label, "bước tiếp theo"))
            .collect::<AppResult<Vec<Stage>>>()?;
        steps.push(Step {
            stage,
            name: card.name,
            role,
            acts,
            term,
            next,
        });
    }
    Ok(Process { steps })
}

fn parse<T: std::str::FromStr>(text: &str, stage: &str, what: &str) -> AppResult<T> {
    text.parse().map_err(|_| {
        AppError::BadInput(format!(
            "Khâu “{stage}”: giá trị của ô {what} không đúng. Vui lòng chọn lại."
        ))
    })
}

/// Who can be responsible, to choose from.
pub fn roles() -> Vec<Choice> {
    Stage::roles()
        .iter()
        .map(|role| Choice::new(role.as_str(), role.label()))
        .collect()
}

#[cfg(test)]
mod tests {
    use rules::process::standard;

    use super::*;

    #[test]
    fn what_the_cards_show_is_read_again() {
        let mut sent = Vec::new();
        for card in cards_of(&standard()) {
            let key = card.key;
            sent.push((format!("use_{key}"), "on".to_owned()));
            sent.push((format!("name_{key}"), card.name));
            sent.push((format!("role_{key}"), card.role));
            sent.push((format!("term_{key}"), card.term));
            sent.extend(
                card.chosen_acts
                    .into_iter()
                    .map(|act| (format!("acts_{key}"), act)),
            );
            sent.extend(
                card.chosen_next
                    .into_iter()
                    .map(|next| (format!("next_{key}"), next)),
            );
        }
        assert_eq!(read(&Fields(sent.clone())).unwrap(), standard());
        sent.push(("acts_handling".to_owned(), "burn".to_owned()));
        let wrong = read(&Fields(sent)).unwrap_err().problem().message;
        assert!(
            wrong.contains("“Giải quyết”") && wrong.contains("thao tác"),
            "{wrong}"
        );
    }
}
