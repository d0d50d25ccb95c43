import { expect, test } from "vitest";
import { natureOf } from "../../../nodes/answer/tool-nature.ts";

const writes = (name: string, description = "") => natureOf({ name, description }).writes;
const names = (text: string) => text.trim().split(/\s+/);

test.each(
  names(`
  HassTurnOn HassTurnOff HassToggle HassSetPosition HassStartTimer HassCancelTimer HassCancelAllTimers HassIncreaseTimer
  HassDecreaseTimer HassPauseTimer HassUnpauseTimer HassBroadcast HassStopMoving HassClimateSetTemperature HassLightSet
  HassFanSetSpeed HassMediaPause HassMediaUnpause HassMediaPlayerMute HassMediaPlayerUnmute HassMediaSearchAndPlay
  HassSetVolume HassSetVolumeRelative HassListAddItem HassListCompleteItem HassListRemoveItem HassShoppingListAddItem
  HassShoppingListCompleteItem HassVacuumStart HassVacuumReturnToBase HassVacuumCleanArea HassLawnMowerStartMowing
  HassLawnMowerDock HassOpenCover HassCloseCover HassHumidifierSetpoint HassMediaNext HassNevermind
  history_clear todo_list_add_item list_create search_replace read_write_file show_notification check_out_book check_in
  get_and_clear_queue list_update status_set info_delete context_reset return_book vacuum_return list.share status_post
  notes__list_remove find_or_create_user search-and-delete preview_publish report_send count_reset show_on_display
  mark_as_read run_query save_search frobnicate send_email create_event mail.send forecast_upload weather_subscribe
  `),
)("%s is taken for a tool that changes something", (name) => {
  expect(writes(name)).toBe(true);
});

test.each(
  names(`
  HassGetState HassGetWeather HassGetCurrentTime HassGetCurrentDate HassClimateGetTemperature HassTimerStatus
  HassShoppingListLastItems GetLiveContext GetDateTime assist__GetLiveContext todo_get_items calendar_get_events
  get_weather search_mails list_open_issues github_list_issues mcp__files__list_files list_orders list_emails check_order_status
  get_lock_state get_play_count get_order get_latest_update find_books search_stores read_message get_notifications
  get_switch_state get_vacuum_state order_status playback_status show_weather check_availability view_page view_order weather
  search_new_messages get_payment_history list_updates file_info
  `),
)("%s is taken for a tool that reads", (name) => {
  expect(writes(name)).toBe(false);
});

test.each([
  ["documents", "Searches the documents.", false],
  ["documents", "Returns the newest document.", false],
  ["documents", "Gets or sets the newest document.", true],
  ["roomba", "Returns the vacuum to its base.", true],
  ["frobnicate", "Does something.", true],
  ["lamp", "Turns a lamp on.", true],
  ["lamp", "Shows whether a lamp is on.", false],
])("where the name %s says nothing, its description does: %s", (name, description, expected) => {
  expect(writes(name, description)).toBe(expected);
});
