//! Hệ thống quản lý văn bản và điều hành: the application and its one binary.
