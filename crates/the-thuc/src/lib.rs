//! Thể thức of NĐ 30 Phụ lục I: compose official documents to PDF.
