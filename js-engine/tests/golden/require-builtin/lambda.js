const timers = require("timers");
const same = require("node:timers");
function lambda(input, callback) {
  callback(null, [timers === same, timers.setTimeout === setTimeout, require("process") === process, require("console") === console, require.resolve("node:timers")]);
}
