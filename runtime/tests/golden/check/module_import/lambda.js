import fs from 'fs';
import { map as each, filter } from 'lodash';
import * as path from 'path';
import 'luxon';

function lambda(input, callback) {
  callback(null, each(filter(input.payload), path.join) && fs);
}
