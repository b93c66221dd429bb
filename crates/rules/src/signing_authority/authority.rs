//! The kinds of authority.

use crate::names::named_enum;

named_enum! {
    /// In what authority a document is signed.
    Authority {
        /// The head in their own name: no prefix.
        Own = "own", "Thủ trưởng ký";
        /// TM.: on behalf of the collective.
        Tm = "tm", "TM. (thay mặt tập thể)";
        /// KT.: a deputy for the head.
        Kt = "kt", "KT. (ký thay)";
        /// TM. and KT.: a deputy on behalf of the collective.
        TmKt = "tm_kt", "TM. và KT. (cấp phó thay mặt tập thể)";
        /// Q.: a person given the powers of the head.
        Q = "q", "Q. (quyền cấp trưởng)";
        /// TL.: a unit head by order of the head.
        Tl = "tl", "TL. (thừa lệnh)";
        /// TL. and KT.: the deputy of such a unit head.
        TlKt = "tl_kt", "TL. và KT. (cấp phó thừa lệnh)";
        /// TUQ.: by written delegation.
        Tuq = "tuq", "TUQ. (thừa ủy quyền)";
    }
}

named_enum! {
    /// How an agency decides (ND30-13.1, 13.2).
    Regime {
        /// Chế độ thủ trưởng: the head decides alone (a department).
        Head = "head", "Chế độ thủ trưởng";
        /// Chế độ tập thể: the collective decides (a People's Committee).
        Collective = "collective", "Chế độ tập thể";
    }
}
