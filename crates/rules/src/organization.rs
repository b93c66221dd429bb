//! Cơ quan, tài khoản: levels, heads, account names, passwords, locks (QC01 Điều 2, 7, 11, 23).

mod accounts;
mod agencies;
mod passwords;
mod setting_rows;
mod settings;
mod units;

pub use accounts::{
    LockPolicy, LockState, after_failure, after_success, may_try_sign_in, propose_account_name,
};
pub use agencies::{AgencyLevel, HeadTerm, administers_province, head_on, may_have_post};
pub use passwords::{PasswordPolicy, check_password};
pub use setting_rows::{RowKind, SettingRow};
pub use settings::{
    AGENCY_SETTINGS, AgencySetting, Chosen, SettingGiven, SettingKind, SettingNumber, SettingValue,
    agency_setting, choose_setting,
};
pub use units::{Closing, Moved, close_unit, name_unit};
