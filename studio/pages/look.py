"""How the pages look: theme, style sheet and the head that the mount hands to the browser."""

from pathlib import Path

from gradio import themes

ASSETS = Path(__file__).parents[2] / "assets"

_INDIGO = themes.Color(
    name="indigo",
    c50="#EEF0FC",
    c100="#DDE0F8",
    c200="#BFC4F1",
    c300="#9BA2E8",
    c400="#7A82DE",
    c500="#5B64D4",
    c600="#3F48C8",
    c700="#343CA8",
    c800="#2A3186",
    c900="#1F2463",
    c950="#151945",
)
_SLATE = themes.Color(
    name="slate",
    c50="#F6F7F9",
    c100="#EEF1F5",
    c200="#E1E6ED",
    c300="#CBD3DD",
    c400="#8D98A8",
    c500="#66727F",
    c600="#4A5565",
    c700="#333F4D",
    c800="#1B222C",
    c900="#161C24",
    c950="#12161C",
)
_SANS = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

_LIGHT_AND_DARK = {
    "body_background_fill": ("#F6F7F9", "#12161C"),
    "body_text_color": ("#1B2430", "#EEF2F7"),
    "body_text_color_subdued": ("#4A5565", "#B4BECB"),
    "background_fill_primary": ("#FFFFFF", "#1B222C"),
    "background_fill_secondary": ("#F6F7F9", "#161C24"),
    "block_background_fill": ("#FFFFFF", "#1B222C"),
    "block_border_color": ("#E1E6ED", "#313C49"),
    "block_info_text_color": ("#4A5565", "#B4BECB"),
    "block_label_text_color": ("#1B2430", "#EEF2F7"),
    "block_label_background_fill": ("#FFFFFF", "#1B222C"),
    "block_label_border_color": ("#FFFFFF", "#1B222C"),
    "block_title_text_color": ("#1B2430", "#EEF2F7"),
    "border_color_primary": ("#D5DCE5", "#3A4654"),
    "input_background_fill": ("#FFFFFF", "#12161C"),
    "input_background_fill_focus": ("#FFFFFF", "#12161C"),
    "input_border_color": ("#7C8898", "#66727F"),
    "input_border_color_focus": ("#3F48C8", "#9BA2E8"),
    "input_placeholder_color": ("#5B6675", "#A3AEBC"),
    "link_text_color": ("#2F3AB8", "#AEB6F5"),
    "link_text_color_hover": ("#1F2463", "#DDE0F8"),
    "link_text_color_visited": ("#2F3AB8", "#AEB6F5"),
    "link_text_color_active": ("#1F2463", "#DDE0F8"),
    "button_primary_background_fill": ("#3F48C8", "#3F48C8"),
    "button_primary_background_fill_hover": ("#343CA8", "#5B64D4"),
    "button_primary_border_color": ("#3F48C8", "#3F48C8"),
    "button_primary_text_color": ("#FFFFFF", "#FFFFFF"),
    "button_secondary_background_fill": ("#FFFFFF", "#1B222C"),
    "button_secondary_background_fill_hover": ("#EEF1F5", "#2A3442"),
    "button_secondary_border_color": ("#7C8898", "#66727F"),
    "button_secondary_text_color": ("#1B2430", "#EEF2F7"),
    "checkbox_background_color": ("#FFFFFF", "#12161C"),
    "checkbox_border_color": ("#7C8898", "#8D98A8"),
    "checkbox_background_color_selected": ("#3F48C8", "#5B64D4"),
    "checkbox_border_color_selected": ("#3F48C8", "#7A82DE"),
    "checkbox_label_background_fill": ("#FFFFFF", "#1B222C"),
    "checkbox_label_background_fill_hover": ("#F6F7F9", "#2A3442"),
    "checkbox_label_background_fill_selected": ("#EEF0FC", "#262D55"),
    "checkbox_label_border_color": ("#D5DCE5", "#3A4654"),
    "checkbox_label_border_color_selected": ("#3F48C8", "#7A82DE"),
    "checkbox_label_text_color_selected": ("#1B2430", "#EEF2F7"),
    "table_border_color": ("#E1E6ED", "#313C49"),
    "table_even_background_fill": ("#FFFFFF", "#1B222C"),
    "table_odd_background_fill": ("#FAFBFC", "#202834"),
    "table_text_color": ("#1B2430", "#EEF2F7"),
    "code_background_fill": ("#EEF1F5", "#222D3A"),
    "color_accent_soft": ("#EEF0FC", "#262D55"),
    "error_background_fill": ("#FDF1F0", "#3A1F20"),
    "error_text_color": ("#A3201A", "#FFB4AE"),
}
_SHAPES = {
    "color_accent": "#3F48C8",
    "button_border_width": "1px",
    "input_border_width": "1px",
    "checkbox_border_width": "1px",
    "checkbox_label_border_width": "1px",
    "button_large_text_weight": "600",
    "button_large_text_size": "*text_md",
    "block_title_text_size": "*text_md",
    "block_info_text_size": "13px",
    "block_label_text_size": "13px",
    "block_shadow": "none",
    "button_primary_shadow": "none",
}


def theme() -> themes.Base:
    """Return the theme: calm, one accent, system fonts, greys that can be read in both modes."""
    made = themes.Base(
        primary_hue=_INDIGO,
        secondary_hue=_INDIGO,
        neutral_hue=_SLATE,
        text_size=themes.sizes.text_md,
        radius_size=themes.sizes.radius_md,
        font=_SANS,
        font_mono=_MONO,
    )
    colours = {name: light for name, (light, _) in _LIGHT_AND_DARK.items()}
    colours |= {f"{name}_dark": dark for name, (_, dark) in _LIGHT_AND_DARK.items()}
    return made.set(**colours, **_SHAPES)


def css() -> str:
    """Return the style sheet."""
    return (ASSETS / "theme.css").read_text(encoding="utf-8")


def head() -> str:
    """Return what stands in the head of every page, all from this server: our script, the icon, the style sheet.

    The style sheet is linked beside being handed over: the rules that hold for small screens are kept by the framework
    to the content of a page and would miss its frame.
    """
    return (
        '<script src="/assets/studio.js" defer></script><link rel="icon" href="/assets/logo.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/assets/theme.css">'
    )
