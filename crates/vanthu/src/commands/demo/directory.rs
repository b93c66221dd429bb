//! The demo's directory of the axis: organisations outside, all made up, their codes too. A connection is not made: the
//! picker shows them, documents go on paper and say why.

use rules::directory::Source;

use crate::{
    context::App,
    directory::{self, Load, Record},
};

/// Code, older code, name, code above.
const ORGANISATIONS: &[(&str, &str, &str, &str)] = &[
    ("G99", "000.00.00.G99", "Bộ Mẫu (dữ liệu thử)", ""),
    ("G99.01", "000.00.01.G99", "Văn phòng Bộ Mẫu", "G99"),
    ("G99.02", "000.00.02.G99", "Vụ Tổ chức cán bộ, Bộ Mẫu", "G99"),
    ("G99.15", "000.00.15.G99", "Cục Chuyển đổi số, Bộ Mẫu", "G99"),
    ("H98", "000.00.00.H98", "Ủy ban nhân dân tỉnh Thử Nghiệm", ""),
    (
        "H98.01",
        "000.00.01.H98",
        "Văn phòng Ủy ban nhân dân tỉnh Thử Nghiệm",
        "H98",
    ),
    ("H98.05", "000.00.05.H98", "Sở Nội vụ tỉnh Thử Nghiệm", "H98"),
    ("H98.06", "000.00.06.H98", "Sở Tài chính tỉnh Thử Nghiệm", "H98"),
    (
        "H98.07",
        "000.00.07.H98",
        "Sở Khoa học và Công nghệ tỉnh Thử Nghiệm",
        "H98",
    ),
    (
        "H98.12",
        "000.00.12.H98",
        "Sở Giáo dục và Đào tạo tỉnh Thử Nghiệm",
        "H98",
    ),
    ("H98.31", "", "Ủy ban nhân dân xã Suối Mơ", "H98"),
    ("H98.32", "", "Ủy ban nhân dân phường Đồi Thông", "H98"),
    ("H97", "000.00.00.H97", "Ủy ban nhân dân tỉnh Ví Dụ", ""),
    ("H97.05", "000.00.05.H97", "Sở Nội vụ tỉnh Ví Dụ", "H97"),
    ("000.00.09.H97", "", "Sở Xây dựng tỉnh Ví Dụ", "H97"),
    ("A98", "", "Văn phòng Tỉnh ủy Thử Nghiệm", ""),
    ("020000000099", "", "Tổng công ty Mẫu (doanh nghiệp thử)", ""),
    ("Z99.HIEPHOIMAU", "", "Hiệp hội Mẫu", ""),
];

/// Fills the directory, as a load from a file would.
///
/// # Errors
/// When the database fails.
pub async fn seed(app: &App) -> anyhow::Result<()> {
    let mut load = Load::begin(app, Source::Import, "Danh mục mẫu", "vanthu demo").await?;
    for (code, old_code, name, parent) in ORGANISATIONS {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let record = Record {
            code: (*code).to_owned(),
            old_code: given(old_code),
            name: (*name).to_owned(),
            parent_code: given(parent),
            ..Record::default()
        };
        load.push(app, record).await?;
    }
    let load = load.stage(app).await?;
    directory::apply(app, load, false).await?;
    Ok(())
}
