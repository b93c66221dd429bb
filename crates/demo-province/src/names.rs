//! Common Vietnamese names, from which the made-up officers are put together.

use crate::rng::Rng;

#[rustfmt::skip]
const SURNAMES: &[(&str, usize)] = &[
    ("Nguyễn", 320), ("Trần", 115), ("Lê", 95), ("Phạm", 72), ("Hoàng", 45), ("Huỳnh", 22), ("Phan", 40), ("Vũ", 24),
    ("Võ", 30), ("Đặng", 26), ("Bùi", 24), ("Đỗ", 20), ("Hồ", 16), ("Ngô", 15), ("Dương", 14), ("Lý", 8), ("Đinh", 10),
    ("Trương", 16), ("Lâm", 6), ("Mai", 8), ("Đoàn", 8), ("Trịnh", 8), ("Cao", 7), ("Tạ", 5), ("Hà", 8), ("Lương", 8),
    ("Nông", 10), ("Vi", 4), ("Thái", 5), ("Châu", 4), ("Phùng", 5), ("Tô", 4), ("Quách", 3), ("Chu", 4), ("Kiều", 3),
];

#[rustfmt::skip]
const MEN_MIDDLE: &[(&str, usize)] = &[
    ("Văn", 260), ("Đức", 70), ("Minh", 60), ("Hữu", 55), ("Quốc", 55), ("Xuân", 45), ("Đình", 45), ("Ngọc", 40),
    ("Thanh", 35), ("Quang", 40), ("Anh", 25), ("Công", 25), ("Trọng", 22), ("Tiến", 20), ("Duy", 22), ("Thành", 20),
    ("Bá", 12), ("Viết", 14), ("Hoàng", 20), ("Gia", 10), ("Khắc", 8), ("Mạnh", 18), ("Trung", 14), ("Hải", 10),
];

#[rustfmt::skip]
const MEN_GIVEN: &[&str] = &[
    "An", "Anh", "Ánh", "Bách", "Bảo", "Bình", "Chiến", "Chung", "Công", "Cường", "Đại", "Đạt", "Định", "Đông", "Dũng",
    "Dương", "Duy", "Giang", "Hà", "Hải", "Hậu", "Hiền", "Hiếu", "Hiệp", "Hòa", "Hoan", "Học", "Hợp", "Hùng", "Hưng",
    "Huy", "Khải", "Khang", "Khánh", "Khoa", "Kiên", "Kỳ", "Lâm", "Lộc", "Lợi", "Long", "Luân", "Lực", "Mạnh", "Minh",
    "Nam", "Nghĩa", "Nguyên", "Nhân", "Nhật", "Ninh", "Phong", "Phú", "Phúc", "Phương", "Quân", "Quang", "Quý", "Quyền",
    "Sang", "Sáng", "Sơn", "Tài", "Tâm", "Tân", "Thái", "Thắng", "Thanh", "Thành", "Thao", "Thiện", "Thịnh", "Thọ",
    "Thông", "Thuận", "Thực", "Thức", "Tiến", "Tín", "Tình", "Toàn", "Trí", "Trung", "Trường", "Tú", "Tuấn", "Tùng",
    "Tuyên", "Việt", "Vinh", "Vũ", "Vượng", "Vỹ", "Xuân",
];

#[rustfmt::skip]
const WOMEN_MIDDLE: &[(&str, usize)] = &[
    ("Thị", 300), ("Thị Thanh", 30), ("Thị Thu", 35), ("Thị Ngọc", 32), ("Thị Kim", 24), ("Thị Bích", 18),
    ("Thị Hồng", 28), ("Thị Minh", 20), ("Thị Mỹ", 16), ("Thị Phương", 18), ("Thị Hoài", 12), ("Thị Tuyết", 10),
    ("Thị Lan", 8), ("Ngọc", 30), ("Thùy", 18), ("Phương", 18), ("Thanh", 16), ("Bảo", 8), ("Khánh", 10), ("Quỳnh", 8),
];

#[rustfmt::skip]
const WOMEN_GIVEN: &[&str] = &[
    "An", "Anh", "Ánh", "Bích", "Châu", "Chi", "Cúc", "Diễm", "Diệp", "Dung", "Duyên", "Đào", "Giang", "Hà", "Hải",
    "Hằng", "Hạnh", "Hảo", "Hiền", "Hoa", "Hòa", "Hoài", "Hồng", "Huế", "Huệ", "Hương", "Hường", "Huyền", "Khánh", "Lan",
    "Lành", "Lệ", "Liên", "Linh", "Loan", "Lý", "Mai", "Mến", "My", "Mỹ", "Nga", "Ngà", "Ngân", "Ngọc", "Nguyệt", "Nhàn",
    "Nhung", "Như", "Oanh", "Phương", "Phượng", "Quyên", "Quỳnh", "Sen", "Sương", "Tâm", "Thanh", "Thảo", "Thơ", "Thoa",
    "Thu", "Thư", "Thúy", "Thùy", "Thủy", "Tiên", "Trà", "Trang", "Trâm", "Trinh", "Tuyền", "Tuyết", "Uyên", "Vân", "Vy",
    "Xuân", "Yến",
];

/// Names in the manner of the Ê Đê and M'Nông people of the province: apostrophes and hooks that an account name,
/// a search and a sort order have to stand.
#[rustfmt::skip]
const HIGHLAND_GIVEN: &[&str] = &[
    "Y Bhin", "Y Khuin", "Y Thuyên", "Y Sơn", "Y Nguyên", "Y Phương", "Y Lâm", "H'Bạch", "H'Liên", "H'Nga", "H'Loan",
    "H'Yến", "H'Thủy", "H'Duyên", "Điểu Minh", "Điểu Sơn", "Điểu Thành", "Thị Lan", "Thị Hạnh",
];
#[rustfmt::skip]
const HIGHLAND_FAMILY: &[&str] = &["Niê", "Byă", "Êban", "Kbuôr", "Ayũn", "Hđơk", "Buôn Yă", "Mlô", "Ênuôl", "Rơ Lưk"];

/// Names of well-known public figures that chance could put together; the demo never uses them.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "Hồ Văn Mười", "Hoàng Văn Mười", "Nguyễn Phú Trọng", "Tô Lâm", "Phạm Minh Chính", "Vương Đình Huệ",
    "Võ Văn Thưởng", "Nguyễn Xuân Phúc", "Nguyễn Thị Kim Ngân", "Trần Thanh Mẫn", "Lương Cường", "Trần Đại Quang",
    "Trương Tấn Sang", "Nguyễn Tấn Dũng", "Nguyễn Sinh Hùng", "Nguyễn Mạnh Hùng", "Phạm Thị Thanh Trà",
    "Lê Minh Khái", "Lê Văn Thành", "Vũ Đức Đam", "Trần Hồng Hà", "Trần Lưu Quang", "Nguyễn Hòa Bình",
    "Ngô Thanh Danh", "Lê Văn Chiến", "Tôn Thị Ngọc Hạnh", "Lê Trọng Yên", "Trần Xuân Hải", "Nguyễn Bốn", "Cao Huy",
    "Nguyễn Đình Trung", "Lê Diễn", "Đỗ Mười", "Võ Văn Kiệt", "Lê Khả Phiêu", "Nông Đức Mạnh", "Võ Nguyên Giáp",
];

/// Whether `full_name` belongs to a real public figure known to this crate.
pub(crate) fn is_reserved(full_name: &str) -> bool {
    RESERVED.contains(&full_name)
}

/// A made-up full name.
pub(crate) fn full_name(rng: &mut Rng) -> String {
    loop {
        let name = candidate(rng);
        if !is_reserved(&name) {
            return name;
        }
    }
}

fn candidate(rng: &mut Rng) -> String {
    if rng.chance(35) {
        return format!("{} {}", rng.pick(HIGHLAND_GIVEN), rng.pick(HIGHLAND_FAMILY));
    }
    let surname = rng.weighted(SURNAMES);
    let (middle, given) = if rng.chance(560) {
        (rng.weighted(MEN_MIDDLE), rng.pick(MEN_GIVEN))
    } else {
        (rng.weighted(WOMEN_MIDDLE), rng.pick(WOMEN_GIVEN))
    };
    // A middle name like the given name ("Ngọc Ngọc") or like the surname is not how people are called.
    if middle.split(' ').any(|part| part == given) || middle == surname {
        return candidate(rng);
    }
    format!("{surname} {middle} {given}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_varied_and_never_those_of_public_figures() {
        let mut rng = Rng::new(1, "names", 0);
        let names: Vec<String> = (0..20_000).map(|_| full_name(&mut rng)).collect();
        assert!(names.iter().all(|name| !is_reserved(name)));
        let distinct: HashSet<&String> = names.iter().collect();
        assert!(distinct.len() > 8_000, "{}", distinct.len());
    }

    #[test]
    fn the_reserved_list_would_be_hit_by_chance() {
        let mut rng = Rng::new(1, "names", 0);
        assert!((0..200_000).any(|_| is_reserved(&candidate(&mut rng))));
    }
}
