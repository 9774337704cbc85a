"""The agents' pages in Chromium: requests by keyboard alone, and how an agent is told of what happens elsewhere."""

from playwright.async_api import expect

from tests.integration.desk.test_windows import ready
from tests.integration.gateway.desk_steps import open_one


async def test_requests_and_what_is_put_off_or_passed_on_by_keyboard_alone(desk, window, waiting, gateway):
    talk = await waiting()
    await open_one(talk)
    await open_one(talk, key="k2", description="Le modem redémarre sans cesse.")
    luc = await window("luc")
    await luc.goto(f"{gateway.url}/desk/requests")
    await ready(luc)
    await luc.keyboard.press("j")
    await luc.keyboard.press("j")
    await luc.keyboard.press("k")
    await luc.keyboard.press("j")
    number = await luc.evaluate("document.activeElement.getAttribute('href').split('/').pop()")
    await luc.keyboard.press("Enter")
    await luc.wait_for_url(f"**/desk/requests/{number}")
    await ready(luc)
    await luc.keyboard.press("t")
    await expect(luc.locator(".head")).to_contain_text("Luc Roy")
    await ready(luc)
    await luc.keyboard.press("n")
    await luc.keyboard.type("Pièce commandée.")
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator(".entry.note")).to_contain_text("Pièce commandée.")
    await ready(luc)
    await luc.keyboard.press("r")
    await luc.keyboard.type("Un technicien passera.")
    await luc.keyboard.press("Control+Enter")
    await expect(luc.locator(".entry.agent").last).to_contain_text("Un technicien passera.")
    await ready(luc)
    await luc.keyboard.press("q")
    await luc.wait_for_url("**/desk/")
    await ready(luc)
    await luc.goto(f"{gateway.url}/desk/conversations/{talk.id}")
    await ready(luc)
    await luc.keyboard.press("t")
    await expect(luc.locator(".state.mine")).to_be_visible()
    await luc.keyboard.press("s")
    await expect(luc.locator("#snooze")).to_be_visible()
    await luc.keyboard.press("Enter")
    await expect(luc.locator(".bar .state")).to_contain_text("Mise de côté jusqu’à 13")
    await expect(luc.locator("#snooze")).to_be_hidden()
    await luc.keyboard.press("m")
    await expect(luc.locator("#transfer")).to_be_visible()
    await luc.keyboard.press("Tab")
    await luc.keyboard.press("Enter")
    await expect(luc.locator(".entry.event").last).to_contain_text("Facturation")


# What rings and what is shown by the machine, written down instead; the page lies behind another window.
HEARD = """
  window.heard = [];
  const hear = (what) => {
    window.heard.push(what);
    document.documentElement.dataset.heard = window.heard.length;
  };
  class Sound extends AudioContext {
    createOscillator() { hear("sound"); return super.createOscillator(); }
  }
  window.AudioContext = Sound;
  window.Notification = class {
    static permission = "granted";
    constructor(text, { tag }) { hear(`${text} [${tag}]`); }
  };
  Object.defineProperty(document, "hidden", { get: () => true });
"""


async def test_an_agent_is_told_at_once_by_title_sound_and_notification_of_who_waits_and_of_what_will_be_late(
    desk, window, waiting, gateway, clock
):
    luc = await window("luc")
    await luc.add_init_script(HEARD)
    await luc.goto(f"{gateway.url}/desk/requests")
    await ready(luc)
    await luc.locator("#alerts").click()
    await expect(luc.locator("#alerts")).to_have_attribute("aria-pressed", "true")
    assert await luc.evaluate("window.heard") == ["sound"], "as a sample"
    talk = await waiting("ma ligne est coupée, je perds des clients")
    await expect(luc.locator("html")).to_have_attribute("data-heard", "3")
    assert await luc.evaluate("window.heard") == ["sound", "sound", f"Un client attend une personne [{talk.id}]"]
    number = (await open_one(talk))["number"]
    await expect(luc.locator("#request-list")).to_contain_text(number)
    await expect(luc.locator(".tag.high")).to_have_count(0)
    clock.pass_(minutes=16)
    await luc.reload()  # who does nothing for half an hour is signed out
    await ready(luc)
    clock.pass_(minutes=16)  # an hour is promised: half of it before, somebody is warned
    await expect(luc.locator("#due-soon a")).to_have_text(f"Une échéance approche\u00a0: {number}")
    await expect(luc.locator(".tag.high")).to_contain_text("Échéance")
    assert await luc.evaluate("window.heard.at(-1)") == f"Une échéance approche\u00a0: {number} [{number}]"
