"""Presets, as a person or a program asks for them."""

from desk import Desk


def test_a_saved_preset_comes_back_on_another_track_with_its_instrument(desk: Desk):
    desk.do("/mod/acid/cutoff", 700.0)
    assert desk.do("/track/acid/save_preset", "my squelch") == ("patterns/presets/acid/my squelch.json",)
    assert ("/event/preset_saved", ("acid", "my squelch")) in [(e.address, e.arguments) for e in desk.happened]
    assert desk.session.pattern.tracks[2].preset == "my squelch"
    assert desk.do("/track/snare/preset", "acid/my squelch") == ("acid/my squelch",)
    snare = desk.session.pattern.tracks[1]
    assert (snare.instrument, snare.preset, snare.parameters) == ("acid", "my squelch", {"cutoff": 700.0})
    assert "acid/my squelch" in desk.do("/presets/list")


def test_a_preset_replaces_all_settings_and_undo_brings_them_back(desk: Desk):
    desk.do("/track/acid/save_preset", "plain")
    desk.do("/mod/acid/resonance", 0.2)
    desk.do("/track/acid/preset", "plain")
    assert desk.session.pattern.tracks[2].parameters == {}
    desk.do("/pattern/undo")
    assert desk.session.pattern.tracks[2].parameters == {"resonance": 0.2}


def test_stepping_goes_through_the_presets_of_the_instrument_round_and_round(desk: Desk):
    names = [name.partition("/")[2] for name in desk.do("/presets/list", "acid")]
    assert len(names) >= 1
    desk.do("/track/acid/save_preset", "zzz")
    assert desk.do("/track/acid/preset_step", 1) == (f"acid/{names[0]}",)
    assert desk.do("/track/acid/preset_step", -1) == ("acid/zzz",)


def test_another_instrument_is_of_no_preset(desk: Desk):
    desk.do("/track/acid/save_preset", "mine")
    desk.do("/track/acid/instrument", "poly")
    assert desk.session.pattern.tracks[2].preset == ""


def test_what_cannot_be_found_or_written_is_refused(desk: Desk):
    assert "kick has no preset 'nothing'" in desk.refuse("/track/kick/preset", "nothing")
    assert "cannot be a name" in desk.refuse("/track/kick/save_preset", "../kick")
    assert "no instrument 'theremin'" in desk.refuse("/track/kick/instrument", "theremin")
    (desk.project / "patterns" / "presets").mkdir(parents=True)
    (desk.project / "patterns" / "presets" / "kick").write_text("in the way")
    assert "presets/kick" in desk.refuse("/track/kick/save_preset", "boom")
    assert desk.session.pattern.tracks[0].preset == ""
