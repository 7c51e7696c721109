#!/usr/bin/python3
"""A window for WebKitWebDriver, on the system's Python: it runs the scripts that it is given before each page's own.

WebKit's own MiniBrowser would do, but it keeps a page's errors to itself while it is driven.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2

START, TOP = WebKit2.UserScriptInjectionTime.START, WebKit2.UserContentInjectedFrames.TOP_FRAME


def started(context, session):
    settings = WebKit2.Settings(enable_write_console_messages_to_stdout=True)
    view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)
    for script in sys.argv[1:]:
        view.get_user_content_manager().add_script(WebKit2.UserScript(script, TOP, START, None, None))
    window = Gtk.Window()
    window.add(view)
    window.connect("map-event", lambda *_: window.get_window().focus(0))  # nothing else would give it the focus
    window.show_all()
    session.connect("create-web-view", lambda _: view)


context = WebKit2.WebContext()
context.set_automation_allowed(True)
context.connect("automation-started", started)
Gtk.main()
