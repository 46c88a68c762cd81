// A list as a table: what it is made of comes in one file.
import "./base.js";
import "./grid.js";
import "./filters.js";
import "./bulk.js";
import "./columns.js";
import "./back.js";
import "./merge.js";
