// StatsD writes its log with util.log, which Node.js no longer has.
const util = require("node:util");
util.log ??= (...words) => console.log(new Date().toISOString(), "-", util.format(...words));
