//! The files of a document.

use std::collections::HashSet;

use super::Check;
use crate::{model::Attachment, text::quoted};

impl Check<'_> {
    pub(super) fn attachments(&mut self, attachments: &[Attachment]) {
        const PATH: &str = "AttachmentEncoded/Attachment";
        let Some(first) = attachments.first() else {
            self.error(
                "attachment_missing",
                PATH,
                "Thông điệp không có tệp văn bản. Đề nghị đính kèm tệp PDF đã ký số.",
            );
            return;
        };
        let mut total = 0_u64;
        let mut names = HashSet::new();
        for file in attachments {
            let name = file.name.as_deref().unwrap_or_default();
            self.text(&format!("{PATH}/AttachmentName"), file.name.as_deref());
            if !name.is_empty() && !viet_text::is_valid_file_name(name) {
                self.error("file_name", name, format!("Tên tệp {} phải không dấu, không ký tự đặc biệt, không quá 50 ký tự. Đề nghị đổi thành “{}”.", quoted(name), viet_text::corrected_file_name(name)));
            }
            if !names.insert(name.to_lowercase()) {
                self.error(
                    "file_name_duplicate",
                    name,
                    format!("Có nhiều tệp cùng tên {}. Đề nghị đổi tên.", quoted(name)),
                );
            }
            let Some(content) = &file.content else {
                self.error(
                    "attachment_content",
                    name,
                    format!("Tệp {} không có nội dung. Đề nghị đính kèm lại.", quoted(name)),
                );
                continue;
            };
            total = total.saturating_add(content.size);
            if content.size > self.sending.max_file {
                self.error(
                    "attachment_size",
                    name,
                    format!(
                        "Tệp {} lớn hơn {} MB. Đề nghị giảm kích thước.",
                        quoted(name),
                        self.sending.max_file / 1024 / 1024
                    ),
                );
            }
        }
        if total > self.sending.max_total {
            self.error(
                "attachments_total",
                PATH,
                format!(
                    "Tổng các tệp lớn hơn {} MB. Đề nghị chia thành nhiều thông điệp.",
                    self.sending.max_total / 1024 / 1024
                ),
            );
        }
        let name = first.name.as_deref().unwrap_or_default();
        let is_pdf = first
            .content
            .as_ref()
            .is_none_or(|content| content.media_type == "application/pdf");
        if !is_pdf {
            self.error(
                "first_pdf",
                name,
                "Tệp đầu tiên phải là tệp PDF của văn bản đã ký số. Đề nghị sắp xếp lại.",
            );
            return;
        }
        match self.sending.first_pdf_signed {
            Some(true) => {}
            Some(false) => self.error(
                "first_pdf_signature",
                name,
                "Chữ ký số trên tệp văn bản không hợp lệ. Đề nghị ký lại.",
            ),
            None => self.warn(
                "first_pdf_signature",
                name,
                "Chữ ký số trên tệp văn bản chưa được kiểm tra.",
            ),
        }
    }
}
