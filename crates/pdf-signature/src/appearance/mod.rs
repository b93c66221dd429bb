//! What a signature looks like on the page (NĐ 30/2020 Phụ lục I mục II, ô 7 and 8).
