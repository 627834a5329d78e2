"""An ordinary editor sees what is missing, and what rules mean in words."""

from __future__ import annotations

import csv
import io

# Pictures further down are loaded when one scrolls to them: ask for each, and wait.
ADDRESSES_OF_BROKEN_PICTURES = """
async (images) => {
  const broken = async (image) => {
    image.loading = "eager";
    return image.decode().then(() => null, () => image.src);
  };
  return (await Promise.all(images.map(broken))).filter(Boolean);
}
"""


def test_the_coverage_matrix_leads_to_what_it_counts_and_is_exported(make_person):
    maja = make_person().log_in("maja")
    page = maja.page
    page.get_by_role("button", name="Rapporter").click()
    page.get_by_role("link", name="Vad som saknas").last.click()
    page.wait_for_load_state("networkidle")
    row = page.locator("tr", has_text="Få barn").first
    number = row.locator("a.mb-coverage__number").first
    count = int(number.inner_text().split()[0])
    assert page.locator("svg, .mb-bars").count() > 0

    text = page.evaluate("async () => (await fetch('?export=csv')).text()")
    table = list(csv.reader(io.StringIO(text)))
    assert any("Få barn" in line for line in table)

    number.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("main .listing tbody tr").count() == count


def test_the_dashboard_tells_of_ones_own_unit(make_person):
    maja = make_person().log_in("maja")
    panel = maja.page.locator(
        "section, .w-panel", has_text="Din verksamhet den här veckan"
    )

    assert panel.count() > 0
    panel.locator("a").first.click()
    maja.page.wait_for_load_state("networkidle")
    assert maja.page.locator("main").count() == 1


def test_rules_are_told_in_words_and_tried_with_situations(make_person):
    maja = make_person().log_in("maja")
    page = maja.page
    page.get_by_role("button", name="Medborgare").click()
    page.get_by_role("link", name="Prova som invånare").click()
    page.locator("label", has_text="Få barn").first.click()
    page.get_by_role("button", name="Visa vad som passar").click()
    page.wait_for_load_state("networkidle")

    told = page.locator("main").inner_text()
    assert "Visas för dem som har valt Få barn" in told
    assert "Visas för alla utom dem som har valt" in told
    assert "Familjecentralen Ankaret" in told or "modul" in told.lower()


def test_a_situation_is_merged_and_what_used_it_follows(server, make_person):
    server.manage(
        "shell", "-v0", "-c",
        "from wagtail_medborgare.situations.models import LifeSituation;"
        "from wagtail_medborgare.services.models import Service;"
        "new = LifeSituation.objects.create(name='Vänta tvillingar', slug='tvillingar');"
        "s = Service.objects.create(name='Låna dubbelvagn', slug='dubbelvagn');"
        "s.life_situations.add(new); s.save()",
    )  # fmt: skip
    klara = make_person().log_in("klara")
    page = klara.page
    klara.open("/admin/snippets/medborgare_situations/lifesituation/?q=tvillingar")
    page.get_by_role("link", name="Vänta tvillingar").first.click()
    page.wait_for_load_state("networkidle")
    page.locator(
        "header [data-w-dropdown-target=toggle], .w-slim-header [data-w-dropdown-target=toggle]"
    ).first.click()
    page.get_by_role("link", name="Slå ihop").click()
    page.wait_for_load_state("networkidle")
    assert "Låna dubbelvagn" in page.locator("main").inner_text()

    page.locator("select[name=into]").select_option(label="Få barn")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("networkidle")

    assert "ingår nu i" in page.locator("body").inner_text()
    tags = server.manage(
        "shell", "-v0", "-c",
        "from wagtail_medborgare.services.models import Service;"
        "print(*Service.objects.get(slug='dubbelvagn').life_situations.names())",
    )  # fmt: skip
    assert tags.strip() == "Få barn"


def test_the_guide_is_read_in_the_administration_chapter_by_chapter(make_person):
    maja = make_person().log_in("maja")
    page = maja.page
    page.get_by_role("button", name="Hjälp").click()
    page.get_by_role("link", name="Handbok för Medborgare").click()
    page.wait_for_url("**/guide/**")
    chapters = page.locator("main nav a[href*='/guide/']")
    addresses = chapters.evaluate_all("items => [...new Set(items.map((i) => i.href))]")
    assert len(addresses) >= 12

    for address in addresses:
        assert page.goto(address).status == 200
        broken = page.locator("main img").evaluate_all(ADDRESSES_OF_BROKEN_PICTURES)
        assert broken == []
        headings = page.locator("main h1, header h1, h2").count()
        assert headings > 0
