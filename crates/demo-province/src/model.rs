//! The plain data of a province.

use jiff::civil::Date;
use rules::people::Role;
use serde::Serialize;

/// Keys of partners start here; keys of agencies of the installation are below it.
pub const PARTNER_KEY_BASE: usize = 1000;

/// How large the province is. A smaller province is exactly the beginning of a larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Size {
    /// Five agencies of all three levels: enough for tests, screenshots and a first look.
    Small,
    /// The first `n` agencies, at least those of [`Size::Small`], at most those of [`Size::Province`].
    Agencies(usize),
    /// The whole province: about 300 agencies and about 10,000 posts.
    Province,
}

impl Size {
    /// The province cut to its first `n` agencies.
    #[must_use]
    pub const fn agencies(n: usize) -> Self {
        Self::Agencies(n)
    }
}

/// Where an agency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Ủy ban nhân dân tỉnh.
    Province,
    /// Sở, ban, ngành and other bodies directly under the province.
    Department,
    /// Ủy ban nhân dân huyện, thành phố.
    District,
    /// Ủy ban nhân dân xã, phường, thị trấn.
    Commune,
    /// Chi cục, trung tâm, trường, phòng chuyên môn cấp huyện: bodies under a department or a district.
    Subordinate,
    /// An organisation outside the installation: a ministry, another state body, an enterprise (Điều 2 khoản 3).
    Partner,
}

/// An agency (cơ quan, đơn vị) that issues documents under its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agency {
    /// Stable key: the position in [`Province::agencies`], or [`PARTNER_KEY_BASE`] and up for partners.
    pub key: usize,
    /// Key of the agency directly above; `None` for the province and for partners.
    pub parent: Option<usize>,
    /// Where it stands.
    pub level: Level,
    /// Official full name: `Sở Thông tin và Truyền thông`, `Ủy ban nhân dân huyện Đắk Mil`.
    pub name: String,
    /// The line above its own name on a document (NĐ 30/2020 Phụ lục I, ô 2), upper case; `None` when none is printed.
    pub printed_parent: Option<String>,
    /// Abbreviation used in document symbols: `STTTT`, `UBND`. Not unique: every Ủy ban nhân dân writes `UBND`.
    pub abbr: String,
    /// Abbreviation used in account names (Điều 7): `stttt`, `dakmil`. ASCII letters and digits, unique.
    pub account_suffix: String,
    /// Identifier in the form of Quyết định 20/2020/QĐ-TTg, level 1 first: `H16.09`. `H16` is the real level-1 code of
    /// Đắk Nông; the groups after it are made up, the real list must be imported. Empty for partners without one.
    pub code: String,
    /// Identifier in the form of QCVN 102:2016/BTTTT, level 1 last: `000.00.09.H16`. Empty for partners without one.
    pub old_code: String,
    /// Địa danh printed before the date: `Đắk Nông`, `Đắk Mil`, `Đắk Lao`.
    pub place_name: String,
    /// Works by chế độ tập thể, so its head signs `TM.` (NĐ 30/2020 Điều 13 khoản 2).
    pub collective: bool,
    /// Title of the head: `Chủ tịch`, `Giám đốc`, `Chi cục trưởng`.
    pub head_title: String,
    /// Title of a deputy: `Phó Chủ tịch`.
    pub deputy_title: String,
    /// The day from which the agency exists in the tree (approximate).
    pub valid_from: Date,
}

/// What a unit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Văn phòng, Phòng Hành chính: keeps the agency running.
    Office,
    /// Phòng chuyên môn, tổ, bộ môn, khoa: handles the work of a field.
    Division,
    /// Văn thư: receives, registers, numbers, seals, issues.
    Clerical,
}

/// A unit inside an agency; it does not issue documents of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Stable key: the position in [`Province::units`].
    pub key: usize,
    /// Key of its agency.
    pub agency: usize,
    /// `Phòng Bưu chính - Viễn thông`.
    pub name: String,
    /// Used in the symbol of a công văn and in `Lưu: VT, …`; unique within the agency.
    pub abbr: String,
    /// What it is for.
    pub kind: UnitKind,
}

/// A post and the made-up person who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Post {
    /// Stable key: the position in [`Province::posts`].
    pub key: usize,
    /// Key of the agency.
    pub agency: usize,
    /// Key of the unit; `None` for the leaders of the agency.
    pub unit: Option<usize>,
    /// `Nguyễn Văn An`.
    pub full_name: String,
    /// Account name by Điều 7: `annv.stttt`; unique in the province.
    pub account_name: String,
    /// `Chuyên viên`, `Trưởng phòng`, `Phó Giám đốc`.
    pub title: String,
    /// What the person does in the system.
    pub role: Role,
    /// The head of the agency (thủ trưởng).
    pub is_agency_head: bool,
}

/// A whole province. Agencies, units and posts are ordered so that a parent comes before its children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Province {
    /// Agencies of the installation; `agencies[k].key == k`.
    pub agencies: Vec<Agency>,
    /// Units; `units[k].key == k`, grouped by agency.
    pub units: Vec<Unit>,
    /// Posts; `posts[k].key == k`, grouped by agency.
    pub posts: Vec<Post>,
    /// Organisations outside the installation.
    pub partners: Vec<Agency>,
}

impl Province {
    /// The agency or partner with this key.
    #[must_use]
    pub fn agency(&self, key: usize) -> Option<&Agency> {
        match key.checked_sub(PARTNER_KEY_BASE) {
            Some(place) => self.partners.get(place),
            None => self.agencies.get(key),
        }
    }

    /// The agency of the installation whose account names end in `.suffix`.
    #[must_use]
    pub fn agency_of_accounts(&self, suffix: &str) -> Option<&Agency> {
        self.agencies
            .iter()
            .find(|agency| agency.account_suffix == suffix)
    }

    /// The post with this account name.
    #[must_use]
    pub fn post_of_account(&self, account_name: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.account_name == account_name)
    }

    /// The units of one agency.
    pub fn units_of(&self, agency: usize) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.agency == agency)
    }

    /// The posts of one agency.
    pub fn posts_of(&self, agency: usize) -> impl Iterator<Item = &Post> {
        self.posts.iter().filter(move |post| post.agency == agency)
    }
}
