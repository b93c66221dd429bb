//! The 8 districts and cities of the province and their 71 communes, as they were from 2020 to 2024.

use jiff::civil::{Date, date};

/// A district or city.
pub(crate) struct District {
    /// `huyện`, `thành phố`.
    pub(crate) form: &'static str,
    pub(crate) name: &'static str,
    pub(crate) suffix: &'static str,
    /// Number in the identifier (made up).
    pub(crate) code: usize,
    pub(crate) valid_from: Date,
    /// `xã`, `phường` or `thị trấn`, and the name.
    pub(crate) communes: &'static [(&'static str, &'static str)],
}

/// Communes exist at least from here.
pub(crate) const COMMUNE_VALID_FROM: Date = date(2004, 1, 1);

const XA: &str = "xã";
const PHUONG: &str = "phường";
const THI_TRAN: &str = "thị trấn";

#[rustfmt::skip]
pub(crate) const DISTRICTS: [District; 8] = [
    District {
        form: "thành phố",
        name: "Gia Nghĩa",
        suffix: "gianghia",
        code: 20,
        valid_from: date(2020, 1, 1),
        communes: &[
            (PHUONG, "Nghĩa Đức"), (PHUONG, "Nghĩa Phú"), (PHUONG, "Nghĩa Tân"), (PHUONG, "Nghĩa Thành"),
            (PHUONG, "Nghĩa Trung"), (PHUONG, "Quảng Thành"), (XA, "Đắk Nia"), (XA, "Đắk R'Moan"),
        ],
    },
    District {
        form: "huyện",
        name: "Cư Jút",
        suffix: "cujut",
        code: 21,
        valid_from: date(2004, 1, 1),
        communes: &[
            (THI_TRAN, "Ea T'ling"), (XA, "Cư Knia"), (XA, "Đắk D'rông"), (XA, "Đắk Wil"), (XA, "Ea Pô"),
            (XA, "Nam Dong"), (XA, "Tâm Thắng"), (XA, "Trúc Sơn"),
        ],
    },
    District {
        form: "huyện",
        name: "Đắk Glong",
        suffix: "dakglong",
        code: 22,
        valid_from: date(2005, 1, 1),
        communes: &[
            (XA, "Đắk Ha"), (XA, "Đắk Plao"), (XA, "Đắk R'măng"), (XA, "Đắk Som"), (XA, "Quảng Hòa"),
            (XA, "Quảng Khê"), (XA, "Quảng Sơn"),
        ],
    },
    District {
        form: "huyện",
        name: "Đắk Mil",
        suffix: "dakmil",
        code: 23,
        valid_from: date(2004, 1, 1),
        communes: &[
            (THI_TRAN, "Đắk Mil"), (XA, "Đắk Gằn"), (XA, "Đắk Lao"), (XA, "Đắk N'Drót"), (XA, "Đắk R'la"),
            (XA, "Đắk Sắk"), (XA, "Đức Mạnh"), (XA, "Đức Minh"), (XA, "Long Sơn"), (XA, "Thuận An"),
        ],
    },
    District {
        form: "huyện",
        name: "Đắk R'lấp",
        suffix: "dakrlap",
        code: 24,
        valid_from: date(2004, 1, 1),
        communes: &[
            (THI_TRAN, "Kiến Đức"), (XA, "Đạo Nghĩa"), (XA, "Đắk Ru"), (XA, "Đắk Sin"), (XA, "Đắk Wer"),
            (XA, "Hưng Bình"), (XA, "Kiến Thành"), (XA, "Nghĩa Thắng"), (XA, "Nhân Cơ"), (XA, "Nhân Đạo"),
            (XA, "Quảng Tín"),
        ],
    },
    District {
        form: "huyện",
        name: "Đắk Song",
        suffix: "daksong",
        code: 25,
        valid_from: date(2004, 1, 1),
        communes: &[
            (THI_TRAN, "Đức An"), (XA, "Đắk Hòa"), (XA, "Đắk Môl"), (XA, "Đắk N'Drung"), (XA, "Nam Bình"),
            (XA, "Nâm N'Jang"), (XA, "Thuận Hà"), (XA, "Thuận Hạnh"), (XA, "Trường Xuân"),
        ],
    },
    District {
        form: "huyện",
        name: "Krông Nô",
        suffix: "krongno",
        code: 26,
        valid_from: date(2004, 1, 1),
        communes: &[
            (THI_TRAN, "Đắk Mâm"), (XA, "Buôn Choáh"), (XA, "Đắk Drô"), (XA, "Đắk Nang"), (XA, "Đắk Sôr"),
            (XA, "Đức Xuyên"), (XA, "Nam Đà"), (XA, "Nam Xuân"), (XA, "Nâm N'Đir"), (XA, "Nâm Nung"),
            (XA, "Quảng Phú"), (XA, "Tân Thành"),
        ],
    },
    District {
        form: "huyện",
        name: "Tuy Đức",
        suffix: "tuyduc",
        code: 27,
        valid_from: date(2007, 1, 1),
        communes: &[
            (XA, "Đắk Búk So"), (XA, "Đắk Ngo"), (XA, "Đắk R'tíh"), (XA, "Quảng Tâm"), (XA, "Quảng Tân"),
            (XA, "Quảng Trực"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_has_71_communes() {
        assert_eq!(
            DISTRICTS
                .iter()
                .map(|district| district.communes.len())
                .sum::<usize>(),
            71
        );
    }
}
