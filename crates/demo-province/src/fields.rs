//! Fields of government (lĩnh vực) and what is written about in each: the words from which subjects are composed.

/// A field of government in which an agency works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FieldKey {
    Administration,
    Information,
    Interior,
    Trade,
    Education,
    Transport,
    Planning,
    Science,
    Labour,
    Agriculture,
    Finance,
    Land,
    Justice,
    Culture,
    Construction,
    Health,
    Inspection,
    Ethnic,
}

/// The words of one field.
pub(crate) struct Field {
    /// Activities; each reads well after `công tác`.
    pub(crate) works: &'static [&'static str],
    /// Programmes, schemes, rules; each reads well after `thực hiện` and after `về`.
    pub(crate) programmes: &'static [&'static str],
}

impl FieldKey {
    /// Every field.
    pub(crate) const ALL: [Self; 18] = [
        Self::Administration,
        Self::Information,
        Self::Interior,
        Self::Trade,
        Self::Education,
        Self::Transport,
        Self::Planning,
        Self::Science,
        Self::Labour,
        Self::Agriculture,
        Self::Finance,
        Self::Land,
        Self::Justice,
        Self::Culture,
        Self::Construction,
        Self::Health,
        Self::Inspection,
        Self::Ethnic,
    ];

    /// The fields in which a commune works.
    pub(crate) const OF_COMMUNES: [Self; 11] = [
        Self::Administration,
        Self::Information,
        Self::Interior,
        Self::Education,
        Self::Labour,
        Self::Agriculture,
        Self::Land,
        Self::Justice,
        Self::Culture,
        Self::Health,
        Self::Ethnic,
    ];

    /// The words of the field.
    pub(crate) fn words(self) -> &'static Field {
        match self {
            Self::Administration => &ADMINISTRATION,
            Self::Information => &INFORMATION,
            Self::Interior => &INTERIOR,
            Self::Trade => &TRADE,
            Self::Education => &EDUCATION,
            Self::Transport => &TRANSPORT,
            Self::Planning => &PLANNING,
            Self::Science => &SCIENCE,
            Self::Labour => &LABOUR,
            Self::Agriculture => &AGRICULTURE,
            Self::Finance => &FINANCE,
            Self::Land => &LAND,
            Self::Justice => &JUSTICE,
            Self::Culture => &CULTURE,
            Self::Construction => &CONSTRUCTION,
            Self::Health => &HEALTH,
            Self::Inspection => &INSPECTION,
            Self::Ethnic => &ETHNIC,
        }
    }
}

#[rustfmt::skip]
static ADMINISTRATION: Field = Field {
    works: &[
        "tiếp công dân định kỳ", "kiểm soát thủ tục hành chính", "tiếp nhận và trả kết quả theo cơ chế một cửa",
        "theo dõi, đôn đốc nhiệm vụ được giao", "công bố, công khai thủ tục hành chính", "chuẩn bị nội dung kỳ họp Hội đồng nhân dân",
        "xử lý phản ánh, kiến nghị của người dân và doanh nghiệp", "gửi, nhận văn bản điện tử", "tổ chức hội nghị trực tuyến",
        "tham mưu, tổng hợp phục vụ chỉ đạo điều hành", "số hóa hồ sơ, kết quả giải quyết thủ tục hành chính",
        "tiếp xúc cử tri và giải quyết kiến nghị của cử tri", "chế độ thông tin, báo cáo", "ứng trực trong dịp nghỉ lễ",
    ],
    programmes: &[
        "Quy chế làm việc của Ủy ban nhân dân", "Chương trình công tác trọng tâm", "Đề án 06 về dữ liệu dân cư, định danh và xác thực điện tử",
        "Đề án đổi mới cơ chế một cửa, một cửa liên thông", "Kế hoạch cắt giảm, đơn giản hóa quy định hành chính",
        "Bộ chỉ số phục vụ người dân, doanh nghiệp", "Quy chế phối hợp giữa các cơ quan",
    ],
};

#[rustfmt::skip]
static INFORMATION: Field = Field {
    works: &[
        "chuyển đổi số", "bảo đảm an toàn thông tin mạng", "phát triển hạ tầng viễn thông", "ngầm hóa cáp viễn thông",
        "quản lý thuê bao di động trả trước", "thông tin cơ sở", "ứng dụng chữ ký số chuyên dùng", "quản lý báo chí, xuất bản",
        "phủ sóng viễn thông tại các thôn, bon chưa có sóng", "cung cấp dịch vụ công trực tuyến", "quản lý trang thông tin điện tử",
        "khai thác dữ liệu số, dữ liệu mở", "hoạt động của tổ công nghệ số cộng đồng", "quản lý tần số vô tuyến điện",
        "bưu chính phục vụ cơ quan nhà nước", "ứng cứu sự cố an toàn thông tin mạng", "xử lý tin giả, thông tin sai sự thật trên mạng",
        "bồi dưỡng kỹ năng số cho cán bộ, công chức",
    ],
    programmes: &[
        "Quy chế quản lý, vận hành và sử dụng Hệ thống quản lý văn bản và điều hành", "Kiến trúc Chính quyền điện tử tỉnh",
        "Chương trình chuyển đổi số của tỉnh", "Chương trình cung cấp dịch vụ viễn thông công ích", "Đề án phát triển đô thị thông minh",
        "Kế hoạch tắt sóng công nghệ di động 2G", "Kế hoạch triển khai nền tảng tích hợp, chia sẻ dữ liệu",
        "Chiến lược phát triển bưu chính",
    ],
};

#[rustfmt::skip]
static INTERIOR: Field = Field {
    works: &[
        "cải cách hành chính", "văn thư, lưu trữ", "tuyển dụng công chức, viên chức", "tinh giản biên chế",
        "đào tạo, bồi dưỡng cán bộ, công chức, viên chức", "đánh giá, xếp loại chất lượng cán bộ", "thi đua, khen thưởng",
        "quản lý nhà nước về tôn giáo", "quản lý hội, quỹ xã hội, quỹ từ thiện", "phát triển thanh niên",
        "sắp xếp đơn vị hành chính cấp huyện, cấp xã", "sắp xếp thôn, tổ dân phố", "chuyển đổi vị trí công tác",
        "thực hiện dân chủ ở cơ sở", "chỉnh lý tài liệu tồn đọng", "xác định vị trí việc làm", "nâng bậc lương trước thời hạn",
        "bầu cử bổ sung chức danh Ủy ban nhân dân cấp xã",
    ],
    programmes: &[
        "Chương trình tổng thể cải cách hành chính nhà nước", "Đề án vị trí việc làm", "Đề án văn hóa công vụ",
        "Phong trào thi đua yêu nước", "Quy định về phân cấp quản lý cán bộ, công chức", "Bộ chỉ số cải cách hành chính",
        "Kế hoạch biên chế công chức", "Quy chế công tác văn thư, lưu trữ",
    ],
};

#[rustfmt::skip]
static TRADE: Field = Field {
    works: &[
        "bình ổn thị trường", "quản lý cụm công nghiệp", "xúc tiến thương mại", "phát triển thương mại điện tử",
        "chống buôn lậu, gian lận thương mại và hàng giả", "quản lý an toàn hóa chất", "khuyến công", "sử dụng điện tiết kiệm và hiệu quả",
        "kết nối cung cầu hàng hóa", "quản lý kinh doanh xăng dầu, khí hóa lỏng", "phát triển năng lượng tái tạo",
        "an toàn đập, hồ chứa thủy điện", "bảo vệ quyền lợi người tiêu dùng", "phát triển chợ nông thôn",
        "thu hút đầu tư vào khu công nghiệp", "xuất khẩu cà phê, hồ tiêu",
    ],
    programmes: &[
        "Cuộc vận động Người Việt Nam ưu tiên dùng hàng Việt Nam", "Quy hoạch phát triển điện lực", "Chương trình khuyến công địa phương",
        "Đề án phát triển công nghiệp alumin - nhôm", "Kế hoạch phát triển thương mại điện tử", "Chương trình sử dụng năng lượng tiết kiệm và hiệu quả",
    ],
};

#[rustfmt::skip]
static EDUCATION: Field = Field {
    works: &[
        "tuyển sinh đầu cấp", "phổ cập giáo dục, xóa mù chữ", "xây dựng trường đạt chuẩn quốc gia", "bồi dưỡng học sinh giỏi",
        "kiểm định chất lượng giáo dục", "tổ chức kỳ thi tốt nghiệp trung học phổ thông", "phòng, chống bạo lực học đường",
        "phòng, chống đuối nước cho học sinh", "dạy và học ngoại ngữ", "bồi dưỡng thường xuyên giáo viên", "quản lý dạy thêm, học thêm",
        "lựa chọn sách giáo khoa", "hướng nghiệp, phân luồng học sinh", "giáo dục hòa nhập trẻ khuyết tật", "y tế trường học",
        "chuyển đổi số trong dạy học", "tăng cường tiếng Việt cho học sinh dân tộc thiểu số",
    ],
    programmes: &[
        "Chương trình giáo dục phổ thông 2018", "Đề án xây dựng xã hội học tập", "Kế hoạch thời gian năm học",
        "Đề án kiên cố hóa trường, lớp học", "Phong trào xây dựng trường học hạnh phúc", "Đề án dạy và học ngoại ngữ",
        "Chính sách hỗ trợ học sinh bán trú",
    ],
};

#[rustfmt::skip]
static TRANSPORT: Field = Field {
    works: &[
        "bảo đảm trật tự, an toàn giao thông", "duy tu, bảo dưỡng đường bộ", "quản lý vận tải hành khách", "kiểm soát tải trọng phương tiện",
        "đào tạo, sát hạch, cấp giấy phép lái xe", "bảo vệ kết cấu hạ tầng giao thông", "xử lý điểm đen tai nạn giao thông",
        "giải phóng hành lang an toàn đường bộ", "đăng kiểm phương tiện giao thông cơ giới", "vận tải phục vụ Tết Nguyên đán",
        "khắc phục sạt lở trên các tuyến tỉnh lộ", "phát triển giao thông nông thôn", "quản lý bến thủy nội địa",
        "lắp đặt, bổ sung biển báo hiệu đường bộ",
    ],
    programmes: &[
        "Năm an toàn giao thông", "Đề án phát triển giao thông nông thôn", "Dự án cao tốc Gia Nghĩa - Chơn Thành",
        "Kế hoạch bảo trì hệ thống đường tỉnh", "Dự án nâng cấp tỉnh lộ 1", "Quy hoạch kết cấu hạ tầng giao thông",
    ],
};

#[rustfmt::skip]
static PLANNING: Field = Field {
    works: &[
        "giải ngân vốn đầu tư công", "hỗ trợ doanh nghiệp nhỏ và vừa", "đăng ký doanh nghiệp", "phát triển kinh tế tập thể, hợp tác xã",
        "giám sát, đánh giá đầu tư", "đấu thầu qua mạng", "xúc tiến đầu tư", "lập kế hoạch phát triển kinh tế - xã hội",
        "thẩm định chủ trương đầu tư", "tháo gỡ khó khăn cho doanh nghiệp", "vận động viện trợ phi chính phủ nước ngoài",
        "nâng cao năng lực cạnh tranh cấp tỉnh", "rà soát dự án chậm tiến độ", "quyết toán dự án hoàn thành",
        "lập quy hoạch tỉnh", "rà soát danh mục dự án kêu gọi đầu tư",
    ],
    programmes: &[
        "Kế hoạch đầu tư công trung hạn", "Chương trình phục hồi và phát triển kinh tế - xã hội", "Quy hoạch tỉnh Đắk Nông",
        "Chương trình hỗ trợ doanh nghiệp nhỏ và vừa", "Bộ chỉ số năng lực cạnh tranh cấp sở, ngành và địa phương",
        "Các chương trình mục tiêu quốc gia", "Kế hoạch phát triển kinh tế tập thể",
    ],
};

#[rustfmt::skip]
static SCIENCE: Field = Field {
    works: &[
        "quản lý nhiệm vụ khoa học và công nghệ", "đổi mới sáng tạo và khởi nghiệp", "bảo hộ sở hữu trí tuệ",
        "kiểm tra phương tiện đo, lượng và chất lượng hàng hóa", "quản lý an toàn bức xạ", "áp dụng hệ thống quản lý chất lượng ISO 9001",
        "truy xuất nguồn gốc sản phẩm", "xây dựng chỉ dẫn địa lý cho nông sản", "ứng dụng công nghệ cao trong sản xuất",
        "phổ biến thông tin khoa học và công nghệ", "xét công nhận sáng kiến", "kiểm tra cân đối chứng tại chợ",
    ],
    programmes: &[
        "Chương trình phát triển tài sản trí tuệ", "Chương trình quốc gia nâng cao năng suất, chất lượng",
        "Đề án hỗ trợ hệ sinh thái khởi nghiệp đổi mới sáng tạo", "Đề án truy xuất nguồn gốc", "Kế hoạch phát triển khoa học và công nghệ",
    ],
};

#[rustfmt::skip]
static LABOUR: Field = Field {
    works: &[
        "giảm nghèo bền vững", "rà soát hộ nghèo, hộ cận nghèo", "chăm sóc người có công với cách mạng", "đào tạo nghề cho lao động nông thôn",
        "giải quyết việc làm", "trợ giúp xã hội", "bảo vệ, chăm sóc trẻ em", "bình đẳng giới và vì sự tiến bộ của phụ nữ",
        "phòng, chống tệ nạn xã hội", "đưa người lao động đi làm việc ở nước ngoài", "an toàn, vệ sinh lao động", "chi trả trợ cấp xã hội",
        "quà tặng người có công dịp Tết Nguyên đán", "quy tập hài cốt liệt sĩ", "xóa nhà tạm, nhà dột nát", "cai nghiện ma túy tại cộng đồng",
        "phòng, chống tai nạn thương tích trẻ em",
    ],
    programmes: &[
        "Chương trình mục tiêu quốc gia giảm nghèo bền vững", "Chương trình phát triển thị trường lao động", "Tháng hành động vì trẻ em",
        "Tháng hành động về an toàn, vệ sinh lao động", "Chương trình quốc gia về bình đẳng giới", "Pháp lệnh Ưu đãi người có công với cách mạng",
        "Kế hoạch hành động vì người cao tuổi",
    ],
};

#[rustfmt::skip]
static AGRICULTURE: Field = Field {
    works: &[
        "phòng cháy, chữa cháy rừng", "phòng, chống bệnh dịch tả lợn châu Phi", "phòng, chống hạn hán, thiếu nước",
        "phòng, chống thiên tai và tìm kiếm cứu nạn", "tái canh cà phê", "xây dựng nông thôn mới", "tiêm phòng vắc xin cho đàn vật nuôi",
        "quản lý giống cây trồng, vật tư nông nghiệp", "trồng rừng thay thế", "ngăn chặn phá rừng, lấn chiếm đất rừng",
        "cấp mã số vùng trồng, cơ sở đóng gói", "bảo đảm an toàn hồ đập thủy lợi", "cấp nước sạch nông thôn", "chi trả dịch vụ môi trường rừng",
        "phát triển sản phẩm OCOP", "khuyến nông", "phòng, chống bệnh khảm lá sắn", "sản xuất vụ Đông Xuân", "chuyển đổi cơ cấu cây trồng",
        "phòng, chống bệnh viêm da nổi cục trên trâu, bò", "phát triển hồ tiêu bền vững",
    ],
    programmes: &[
        "Chương trình mục tiêu quốc gia xây dựng nông thôn mới", "Chương trình mỗi xã một sản phẩm", "Đề án trồng một tỷ cây xanh",
        "Đề án tái canh cà phê", "Kế hoạch phòng, chống thiên tai", "Đề án phát triển nông nghiệp ứng dụng công nghệ cao",
        "Phương án bảo vệ và phát triển rừng", "Kế hoạch sản xuất nông nghiệp",
    ],
};

#[rustfmt::skip]
static FINANCE: Field = Field {
    works: &[
        "thu ngân sách nhà nước", "quản lý tài sản công", "công khai ngân sách", "thẩm định giá đất", "quản lý giá",
        "thực hành tiết kiệm, chống lãng phí", "quyết toán ngân sách", "lập dự toán ngân sách", "xử lý tài sản công dôi dư",
        "mua sắm tài sản tập trung", "tự chủ tài chính đơn vị sự nghiệp công lập", "chống thất thu thuế", "kê khai giá hàng hóa, dịch vụ",
        "sắp xếp lại, xử lý nhà, đất công", "chi thường xuyên", "quản lý nợ đọng xây dựng cơ bản",
    ],
    programmes: &[
        "Chương trình thực hành tiết kiệm, chống lãng phí", "Nghị quyết của Hội đồng nhân dân về phân bổ dự toán",
        "Quy định về phân cấp quản lý tài sản công", "Bảng giá các loại đất", "Định mức phân bổ chi thường xuyên",
        "Cơ chế tự chủ tài chính",
    ],
};

#[rustfmt::skip]
static LAND: Field = Field {
    works: &[
        "cấp giấy chứng nhận quyền sử dụng đất", "thống kê, kiểm kê đất đai", "thu hồi đất, bồi thường, hỗ trợ, tái định cư",
        "quản lý khai thác khoáng sản", "bảo vệ môi trường", "thu gom, xử lý rác thải sinh hoạt", "lập kế hoạch sử dụng đất",
        "quản lý tài nguyên nước", "giảm thiểu rác thải nhựa", "giải quyết tranh chấp đất đai", "đấu giá quyền sử dụng đất",
        "xây dựng cơ sở dữ liệu đất đai", "quản lý đất có nguồn gốc nông, lâm trường", "ứng phó với biến đổi khí hậu",
        "cải tạo, phục hồi môi trường sau khai thác", "thẩm định báo cáo đánh giá tác động môi trường", "chỉnh lý bản đồ địa chính",
    ],
    programmes: &[
        "Quy hoạch, kế hoạch sử dụng đất", "Kế hoạch ứng phó với biến đổi khí hậu", "Đề án thu gom, xử lý chất thải rắn",
        "Phương án đấu giá quyền khai thác khoáng sản", "Quy định về diện tích tối thiểu được tách thửa", "Tháng hành động vì môi trường",
        "Dự án bồi thường, giải phóng mặt bằng",
    ],
};

#[rustfmt::skip]
static JUSTICE: Field = Field {
    works: &[
        "phổ biến, giáo dục pháp luật", "kiểm tra, rà soát văn bản quy phạm pháp luật", "hòa giải ở cơ sở", "đăng ký và quản lý hộ tịch",
        "xử lý vi phạm hành chính", "trợ giúp pháp lý", "xây dựng xã, phường, thị trấn đạt chuẩn tiếp cận pháp luật",
        "theo dõi tình hình thi hành pháp luật", "chứng thực", "quản lý hoạt động công chứng, luật sư", "bồi thường của Nhà nước",
        "số hóa sổ hộ tịch", "thi hành án hành chính", "đấu giá tài sản",
    ],
    programmes: &[
        "Ngày Pháp luật nước Cộng hòa xã hội chủ nghĩa Việt Nam", "Chương trình phổ biến, giáo dục pháp luật",
        "Đề án nâng cao năng lực hòa giải viên ở cơ sở", "Kế hoạch kiểm tra văn bản quy phạm pháp luật",
        "Chương trình hỗ trợ pháp lý cho doanh nghiệp", "Kế hoạch quản lý xử lý vi phạm hành chính",
    ],
};

#[rustfmt::skip]
static CULTURE: Field = Field {
    works: &[
        "bảo tồn văn hóa cồng chiêng", "quản lý lễ hội", "phát triển du lịch", "xây dựng đời sống văn hóa ở khu dân cư",
        "quản lý di tích lịch sử - văn hóa", "phòng, chống bạo lực gia đình", "phát triển thể dục, thể thao quần chúng",
        "quản lý hoạt động karaoke, quảng cáo ngoài trời", "truyền dạy sử thi Ót N'drong", "quản lý Công viên địa chất toàn cầu",
        "xây dựng thiết chế văn hóa, thể thao cơ sở", "tuyên truyền các ngày lễ lớn", "phát triển văn hóa đọc", "tổ chức Đại hội Thể dục thể thao",
        "kiểm kê di sản văn hóa phi vật thể", "khôi phục nghề dệt thổ cẩm",
    ],
    programmes: &[
        "Phong trào Toàn dân đoàn kết xây dựng đời sống văn hóa", "Đề án bảo tồn, phát huy lễ hội, hoa văn, cồng chiêng",
        "Kế hoạch phát triển du lịch", "Đề án phát triển Công viên địa chất toàn cầu UNESCO Đắk Nông", "Chiến lược phát triển văn hóa",
        "Ngày hội Văn hóa các dân tộc", "Tuần lễ Áo dài Việt Nam",
    ],
};

#[rustfmt::skip]
static CONSTRUCTION: Field = Field {
    works: &[
        "quản lý trật tự xây dựng", "quản lý quy hoạch đô thị", "cấp giấy phép xây dựng", "quản lý chất lượng công trình",
        "phát triển nhà ở xã hội", "quản lý chi phí đầu tư xây dựng", "thoát nước và xử lý nước thải đô thị", "chỉnh trang đô thị",
        "quản lý cây xanh, chiếu sáng công cộng", "công bố giá vật liệu xây dựng", "phòng cháy, chữa cháy đối với công trình",
        "giải phóng mặt bằng", "nghiệm thu công trình", "lập quy hoạch chung xây dựng xã", "quản lý thị trường bất động sản",
    ],
    programmes: &[
        "Chương trình phát triển đô thị", "Chương trình phát triển nhà ở", "Quy hoạch chung thành phố Gia Nghĩa",
        "Đề án công nhận đô thị loại IV", "Quy chế quản lý kiến trúc", "Dự án hạ tầng khu tái định cư", "Kế hoạch cải tạo, nâng cấp hè phố",
    ],
};

#[rustfmt::skip]
static HEALTH: Field = Field {
    works: &[
        "phòng, chống dịch COVID-19", "phòng, chống sốt xuất huyết", "tiêm chủng mở rộng", "khám bệnh, chữa bệnh bảo hiểm y tế",
        "bảo đảm an toàn thực phẩm", "đấu thầu thuốc, vật tư y tế", "dân số và kế hoạch hóa gia đình", "phòng, chống HIV/AIDS",
        "quản lý hành nghề y, dược tư nhân", "cải thiện chất lượng bệnh viện", "lập hồ sơ sức khỏe điện tử", "phòng, chống bệnh tay chân miệng",
        "quản lý chất thải y tế", "chăm sóc sức khỏe người cao tuổi", "luân phiên cán bộ y tế", "phòng, chống bệnh dại",
        "phòng, chống suy dinh dưỡng trẻ em", "hiến máu tình nguyện", "phòng, chống bệnh bạch hầu",
    ],
    programmes: &[
        "Bộ tiêu chí quốc gia về y tế xã", "Tháng hành động vì an toàn thực phẩm", "Chiến dịch tiêm vắc xin phòng COVID-19",
        "Đề án khám bệnh, chữa bệnh từ xa", "Chương trình sức khỏe Việt Nam", "Kế hoạch phòng, chống bệnh không lây nhiễm",
        "Chiến lược dân số",
    ],
};

#[rustfmt::skip]
static INSPECTION: Field = Field {
    works: &[
        "phòng, chống tham nhũng, tiêu cực", "giải quyết khiếu nại, tố cáo", "kê khai, kiểm soát tài sản, thu nhập", "thanh tra trách nhiệm",
        "xử lý sau thanh tra", "thanh tra quản lý đất đai", "thanh tra đầu tư xây dựng cơ bản", "đối thoại với công dân",
        "thanh tra thu, chi ngân sách", "rà soát vụ việc khiếu nại phức tạp, kéo dài", "thực hiện kết luận, kiến nghị kiểm toán",
        "xử lý đơn thư của công dân",
    ],
    programmes: &[
        "Kế hoạch thanh tra", "Chiến lược quốc gia phòng, chống tham nhũng", "Bộ chỉ số đánh giá công tác phòng, chống tham nhũng",
        "Kết luận thanh tra", "Kế hoạch tiếp công dân, giải quyết khiếu nại, tố cáo",
    ],
};

#[rustfmt::skip]
static ETHNIC: Field = Field {
    works: &[
        "thực hiện chính sách dân tộc", "phát huy vai trò người có uy tín", "hỗ trợ đất ở, nhà ở cho đồng bào dân tộc thiểu số", "ổn định dân di cư tự do",
        "giảm thiểu tảo hôn và hôn nhân cận huyết thống", "sắp xếp, bố trí dân cư", "hỗ trợ sinh kế cho hộ đồng bào tại chỗ",
        "xây dựng bon, buôn văn hóa", "cấp phát báo, tạp chí cho vùng đồng bào dân tộc thiểu số", "đào tạo tiếng M'Nông cho cán bộ, công chức",
        "thăm hỏi đồng bào dịp Tết cổ truyền", "đầu tư hạ tầng xã đặc biệt khó khăn",
    ],
    programmes: &[
        "Chương trình mục tiêu quốc gia phát triển kinh tế - xã hội vùng đồng bào dân tộc thiểu số và miền núi", "Chiến lược công tác dân tộc",
        "Chính sách đối với người có uy tín", "Đề án ổn định dân di cư tự do", "Kế hoạch bảo tồn tiếng nói, chữ viết các dân tộc thiểu số",
    ],
};
