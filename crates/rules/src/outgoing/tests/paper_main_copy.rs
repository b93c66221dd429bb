//! CN-222: main copies on paper of an electronic document.

use super::*;

const MADE: PaperMainCopy<'_> = PaperMainCopy {
    is_signed: true,
    is_recalled: false,
    copies: 2,
    purpose: "Lưu văn thư",
};

#[rstest]
#[case(clerk(), OutgoingState::Issued, MADE, None)]
#[case(drafter(), OutgoingState::Issued, MADE, Some("ND30-4.2b"))]
#[case(foreign_clerk(), OutgoingState::Issued, MADE, Some("ND30-4.2b"))]
#[case(clerk(), OutgoingState::Numbered, MADE, Some("ND30-18.5"))]
#[case(clerk(), OutgoingState::Issued, PaperMainCopy { is_signed: false, ..MADE }, Some("ND30-18.5"))]
#[case(clerk(), OutgoingState::Issued, PaperMainCopy { is_recalled: true, ..MADE }, Some("ND30-18.4b"))]
#[case(clerk(), OutgoingState::Issued, PaperMainCopy { copies: 0, ..MADE }, Some("ND30-18.5"))]
#[case(clerk(), OutgoingState::Issued, PaperMainCopy { purpose: " ", ..MADE }, Some("ND30-18.5"))]
fn cn_222_nd30_18_5_the_clerk_prints_and_seals_what_was_signed_digitally(
    #[case] by: Actor,
    #[case] state: OutgoingState,
    #[case] made: PaperMainCopy<'_>,
    #[case] refused: Option<&str>,
) {
    let answer = paper_main_copy(&by, &document(state), &made);
    assert_eq!(answer.err().map(|refusal| refusal.clause), refused);
}
