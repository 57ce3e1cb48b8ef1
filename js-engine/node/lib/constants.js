// Why this file exists: the deprecated module `constants`: all groups in one.
'use strict';
const { constants } = require('internal/tables');
Object.assign(exports, constants.os.errno, constants.os.priority, constants.os.signals, constants.fs, constants.crypto);
