//! What every page carries besides its own content: who is looking, the boxes at the left, the flash line,
//! the csrf token; and the small view values that the macros of `web/ui.html` draw.
//!
//! Everything here is already text for a reader: dates are formatted, permission has been applied. A template
//! decides nothing but layout.

use std::collections::BTreeMap;

mod parts;

pub use parts::*;

/// How loud something is drawn. Never the only carrier of a meaning: a label always says the same in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing to notice.
    #[default]
    Neutral,
    /// In progress, or something to know.
    Info,
    /// Done, valid, on time.
    Good,
    /// Soon due, or needs care.
    Warn,
    /// Late, refused, broken.
    Bad,
}

impl Tone {
    /// The CSS class of this tone, e.g. `tone-warn`.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }

    /// The icon that stands beside a message of this tone.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Neutral | Self::Info => "info-circle",
            Self::Good => "circle-check",
            Self::Warn => "alert-triangle",
            Self::Bad => "circle-x",
        }
    }
}

/// The frame of a page. Templates that extend `web/layout.html` hold one in a field named `page`.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Title of the window and, by default, the first heading.
    pub title: String,
    /// The signed-in officer in the post they act in; `None` before sign-in.
    pub who: Option<Person>,
    /// The boxes at the left, in reading order.
    pub boxes: Vec<BoxGroup>,
    /// Key of the box this page belongs to; empty when it belongs to none.
    pub current: String,
    /// The answer to the act before this page.
    pub flash: Option<Flash>,
    /// Token that every form sends back.
    pub csrf: String,
    /// What stands in the search field.
    pub query: String,
    /// Whether agencies, people and documents are made up, which a band says.
    pub sample_data: bool,
    /// How many notices came since the person looked last; `None` for whom documents do not concern.
    pub notices: Option<i64>,
    /// How many urgent documents wait to be accepted; `None` for whom that does not concern.
    pub urgent: Option<i64>,
    /// The person works in somebody's place: whose, until when, what was handed over.
    pub in_place: Option<Place>,
}

/// Whose place a person works in now (xử lý thay).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whose work it is, name and title.
    pub giver: String,
    /// The last day.
    pub until: String,
    /// What was handed over, in words.
    pub scope: String,
}

impl Page {
    /// The name of the person who looks.
    #[must_use]
    pub fn name(&self) -> &str {
        self.who.as_ref().map_or("", |person| &person.name)
    }

    /// Whether the bell has something new to tell.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.notices.is_some_and(|count| count > 0)
    }

    /// Whether an urgent document waits to be accepted.
    #[must_use]
    pub fn has_urgent(&self) -> bool {
        self.urgent.is_some_and(|count| count > 0)
    }

    /// The boxes of the phone's bottom bar: the first two, which are what the role works in most.
    #[must_use]
    pub fn main_boxes(&self) -> Vec<&BoxLink> {
        self.boxes.iter().flat_map(|group| &group.items).take(2).collect()
    }

    /// A full page of a clerk of Sở Thông tin và Truyền thông, for template tests.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            title: "Chờ tiếp nhận".into(),
            who: Some(Person::sample()),
            boxes: BoxGroup::samples(),
            current: "reception".into(),
            flash: Some(Flash {
                tone: Tone::Good,
                text: "Đã vào sổ văn bản đến số 1284.".into(),
            }),
            csrf: "sample-csrf".into(),
            query: String::new(),
            sample_data: true,
            notices: Some(3),
            urgent: Some(1),
            in_place: None,
        }
    }
}

/// Cán bộ đang đăng nhập, in the post (chức vụ) they act in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Họ và tên.
    pub name: String,
    /// Chức vụ, e.g. "Văn thư cơ quan".
    pub post_title: String,
    /// Tên cơ quan, đơn vị.
    pub agency_name: String,
    /// The role in this system: Văn thư, Lãnh đạo, Trưởng phòng, Chuyên viên, Quản trị.
    pub role_label: String,
    /// Other posts of the same person, as (id, label); choosing one acts in it from then on.
    pub other_posts: Vec<(String, String)>,
}

impl Person {
    /// Initials of the given name and the family name for the round mark, e.g. "HN" for Nguyễn Thị Hoa.
    #[must_use]
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace();
        let family = words.next().and_then(|word| word.chars().next());
        let given = words.next_back().and_then(|word| word.chars().next());
        given
            .into_iter()
            .chain(family)
            .flat_map(char::to_uppercase)
            .collect()
    }

    /// A clerk with a second post, for template tests.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            name: "Nguyễn Thị Hoa".into(),
            post_title: "Văn thư cơ quan".into(),
            agency_name: "Sở Thông tin và Truyền thông".into(),
            role_label: "Văn thư".into(),
            other_posts: vec![("2".into(), "Chuyên viên – Văn phòng Sở".into())],
        }
    }
}

/// A group of boxes under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxGroup {
    /// Heading, e.g. "Văn bản đến".
    pub label: String,
    /// Boxes in reading order.
    pub items: Vec<BoxLink>,
}

impl BoxGroup {
    /// A group with its boxes.
    #[must_use]
    pub fn new(label: impl Into<String>, items: Vec<BoxLink>) -> Self {
        Self {
            label: label.into(),
            items,
        }
    }

    /// Every box there is, with the words officers know, for template tests.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let link = |key: &str, label: &str, icon| BoxLink::new(key, label, format!("/boxes/{key}"), icon);
        vec![
            Self::new(
                "Văn bản đến",
                vec![
                    link("reception", "Chờ tiếp nhận", "inbox")
                        .count(12)
                        .tone(Tone::Info),
                    link("handling", "Chờ xử lý", "clipboard-check")
                        .count(7)
                        .tone(Tone::Info),
                    link("supporting", "Phối hợp", "users").count(3),
                    link("information", "Xem để biết", "eye").count(21),
                    link("due-soon", "Sắp đến hạn", "clock").count(2).tone(Tone::Warn),
                    link("overdue", "Quá hạn", "alert-triangle")
                        .count(1)
                        .tone(Tone::Bad),
                    link("handled", "Đã xử lý", "checks"),
                ],
            ),
            Self::new(
                "Văn bản đi",
                vec![
                    link("drafts", "Dự thảo", "file-pencil").count(4),
                    link("approval", "Chờ duyệt", "file-check").count(0),
                    link("signing", "Chờ ký", "writing-sign")
                        .count(5)
                        .tone(Tone::Info),
                    link("issuing", "Chờ phát hành", "rubber-stamp")
                        .count(2)
                        .tone(Tone::Info),
                    link("issued", "Đã ban hành", "send"),
                ],
            ),
            Self::new(
                "Sổ văn bản",
                vec![
                    link("register-incoming", "Sổ văn bản đến", "book-2"),
                    link("register-outgoing", "Sổ văn bản đi", "book"),
                ],
            ),
        ]
    }
}

/// One box (hộp văn bản) with its counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxLink {
    /// Stable name of the box; `<live-counters>` updates the badge `[data-box=key]`.
    pub key: String,
    /// Label on screen.
    pub label: String,
    /// Where it opens.
    pub href: String,
    /// Name of an icon of the sprite.
    pub icon: &'static str,
    /// How many wait; `None` for a box that is not counted.
    pub count: Option<i64>,
    /// How loud the counter is.
    pub tone: Tone,
}

impl BoxLink {
    /// A quiet box without a counter.
    #[must_use]
    pub fn new(
        key: impl Into<String>,
        label: impl Into<String>,
        href: impl Into<String>,
        icon: &'static str,
    ) -> Self {
        Self {
            key: key.into(),
            label: label.into(),
            href: href.into(),
            icon,
            count: None,
            tone: Tone::Neutral,
        }
    }

    /// The same box with a counter.
    #[must_use]
    pub fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }

    /// The same box in another tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Whether a number is worth showing: a counted box that is not empty.
    #[must_use]
    pub fn waiting(&self) -> bool {
        self.count.is_some_and(|count| count > 0)
    }
}

/// The answer to the act before this page, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Good for done, Warn or Bad for not done.
    pub tone: Tone,
    /// One Vietnamese sentence.
    pub text: String,
}

/// What is wrong with a submitted form: one Vietnamese sentence per field name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<String, String>);

impl FieldErrors {
    /// Nothing wrong.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Says what is wrong with `field`; the first sentence given for a field stays.
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<String>) {
        self.0.entry(field.into()).or_insert_with(|| sentence.into());
    }

    /// The sentence for `field`, if it is wrong.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether the form is right.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All findings as (field, sentence), ordered by field name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(field, sentence)| (field.as_str(), sentence.as_str()))
    }

    /// One wrong field `subject`, for template tests.
    #[must_use]
    pub fn sample() -> Self {
        let mut errors = Self::none();
        errors.add("subject", "Hãy nhập trích yếu nội dung văn bản.");
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_put_the_given_name_first() {
        assert_eq!(Person::sample().initials(), "HN");
        let one_word = Person {
            name: "đức".into(),
            ..Person::sample()
        };
        assert_eq!(one_word.initials(), "Đ");
    }

    #[test]
    fn the_first_finding_of_a_field_stays() {
        let mut errors = FieldErrors::sample();
        errors.add("subject", "khác");
        assert_eq!(errors.of("subject"), Some("Hãy nhập trích yếu nội dung văn bản."));
        assert_eq!(errors.of("kind"), None);
    }

    #[test]
    fn an_empty_box_shows_no_number() {
        let link = BoxLink::new("drafts", "Dự thảo", "/", "file");
        assert!(!link.waiting());
        assert!(!link.clone().count(0).waiting());
        assert!(link.count(1).waiting());
    }
}
