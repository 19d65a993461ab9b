//! Screens as their own expectation.

use insta::assert_snapshot;

use super::stage::{Stage, app, screen};

#[test]
fn three_panes_stand_side_by_side_on_a_wide_screen() {
    assert_snapshot!(Stage::new(120, 36).screen(), @"");
}

#[test]
fn a_very_wide_screen_gives_its_room_to_list_and_detail() {
    let mut stage = Stage::new(200, 50);
    stage.press("/");
    stage.write("证书");
    assert_snapshot!(stage.screen(), @"");
}

#[test]
fn list_stands_over_detail_on_a_medium_screen() {
    assert_snapshot!(Stage::new(80, 24).screen(), @"");
}

#[test]
fn one_pane_at_a_time_fits_a_small_screen() {
    let mut stage = Stage::new(40, 10);
    assert_snapshot!(stage.screen(), @"");
    stage.press("Tab");
    assert_snapshot!(stage.screen(), @"");
}

#[test]
fn a_screen_too_small_says_so() {
    assert_snapshot!(Stage::new(30, 5).screen(), @"");
}

#[test]
fn the_first_frame_stands_before_the_desk_is_there() {
    assert_snapshot!(screen(&app(80, 12)), @"");
}

#[test]
fn the_annotation_form_filters_the_vocabulary_by_pinyin() {
    let mut stage = Stage::new(80, 24);
    stage.press("a");
    stage.write("zs");
    assert_snapshot!(stage.screen(), @"");
}

#[test]
fn a_sequence_in_the_making_shows_how_it_goes_on() {
    let mut stage = Stage::new(80, 24);
    stage.press("g");
    assert_snapshot!(stage.screen(), @"");
}

#[test]
fn the_reply_picker_shows_the_whole_reply_below() {
    let mut stage = Stage::new(80, 24);
    stage.press("Y j");
    assert_snapshot!(stage.screen(), @"");
}

#[test]
fn the_help_lists_the_keys_of_the_place_it_was_called_from() {
    let mut stage = Stage::new(80, 24);
    stage.press("?");
    stage.write("标");
    assert_snapshot!(stage.screen(), @"");
}

#[test]
fn ascii_borders_and_substitutes_hold_on_ambiguous_wide_terminals() {
    let mut stage = Stage::new(80, 16);
    stage.tell(super::msg::Msg::AmbiguousWide);
    assert_snapshot!(stage.screen(), @"");
}
