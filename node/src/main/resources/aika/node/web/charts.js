// Draws the numbers of the page's tables. Who cannot see pictures has the tables.
import { d3, uPlot } from "./libraries.js";

const DRAWN = { flows: drawFlows, states: drawStates, ages: drawAges };
const FLOWS_HEIGHT = 240; // of all money together; what has room for a name comes on top
const NAME_HEIGHT = 26;
const PLACE_WIDTH = 8;
const BAR_HEIGHT = 20;
const ROW_HEIGHT = 34;
const STATES_HEIGHT = 260;
const SERIES = 5;
const WHOLE_STEPS = [...Array(12).keys()].flatMap((zeros) => [1, 2, 5].map((one) => one * 10 ** zeros));

export function drawCharts(root) {
  let width = 0;
  const draw = () => {
    for (const chart of root.querySelectorAll("[data-chart]")) {
      chart.hidden = false;
      const picture = chart.querySelector(".picture");
      const table = chart.parentElement.querySelector("table");
      picture.replaceChildren();
      DRAWN[chart.dataset.chart](picture, [...table.tBodies[0].rows], chart);
    }
  };
  new ResizeObserver(() => {
    if (root.clientWidth !== width) {
      width = root.clientWidth;
      draw();
    }
  }).observe(root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

function svg(picture, height) {
  const width = picture.clientWidth;
  const drawing = d3.select(picture).append("svg").attr("width", width).attr("height", height);
  return { drawing, width };
}

// Senders on the left, receivers on the right, and between them what was sent, as thick as it is much.
function drawFlows(picture, rows) {
  const flows = rows.map((row) => ({
    from: row.dataset.from,
    to: row.dataset.to,
    value: Number(row.dataset.value),
    says: `${row.dataset.from} → ${row.dataset.to}: ${row.cells[1].textContent}`,
  }));
  const thickness = FLOWS_HEIGHT / Math.max(1, sum(flows));
  const sides = ["from", "to"].map((side) => places(flows, side, thickness));
  const height = Math.max(...sides.map((side) => side.height));
  const { drawing, width } = svg(picture, height);
  const [left, right] = sides.map((side) => side.places);
  const leaves = join(flows, thickness, left, "from", right, "to");
  const arrives = join(flows, thickness, right, "to", left, "from");
  for (const flow of flows) {
    const thick = Math.max(1, flow.value * thickness);
    drawing
      .append("path")
      .attr("class", `ribbon series-${(left.get(flow.from).rank % SERIES) + 1}`)
      .attr("d", ribbon(PLACE_WIDTH, leaves.get(flow), width - PLACE_WIDTH, arrives.get(flow), thick))
      .append("title")
      .text(flow.says);
  }
  drawPlaces(drawing, left, 0, PLACE_WIDTH + 6, "start");
  drawPlaces(drawing, right, width - PLACE_WIDTH, width - PLACE_WIDTH - 6, "end");
}

// How far down each flow joins its place: in the order of the other side, so that few cross.
function join(flows, thickness, places, side, others, otherSide) {
  const free = new Map([...places].map(([name, place]) => [name, place.top]));
  const tops = new Map();
  const rank = (flow) => others.get(flow[otherSide]).rank;
  for (const flow of [...flows].sort((one, other) => rank(one) - rank(other))) {
    tops.set(flow, free.get(flow[side]));
    free.set(flow[side], free.get(flow[side]) + flow.value * thickness);
  }
  return tops;
}

// Where each place of one side stands, the largest on top.
function places(flows, side, thickness) {
  const sums = new Map();
  for (const flow of flows) {
    sums.set(flow[side], (sums.get(flow[side]) ?? 0) + flow.value);
  }
  const found = new Map();
  let height = 0;
  for (const [name, value] of [...sums].sort((one, other) => other[1] - one[1])) {
    const thick = Math.max(2, value * thickness);
    const room = Math.max(NAME_HEIGHT, thick + 6);
    const top = height + (room - thick) / 2;
    found.set(name, { top, thick, rank: found.size });
    height += room;
  }
  return { places: found, height };
}

function drawPlaces(drawing, side, x, nameX, anchor) {
  for (const [name, place] of side) {
    drawing
      .append("rect")
      .attr("class", "place")
      .attr("x", x)
      .attr("y", place.top)
      .attr("width", PLACE_WIDTH)
      .attr("height", place.thick);
    drawing
      .append("text")
      .attr("class", "over")
      .attr("x", nameX)
      .attr("y", place.top + place.thick / 2)
      .attr("dy", "0.35em")
      .attr("text-anchor", anchor)
      .text(name);
  }
}

function ribbon(left, leftY, right, rightY, thick) {
  const middle = (left + right) / 2;
  const path = d3.path();
  path.moveTo(left, leftY);
  path.bezierCurveTo(middle, leftY, middle, rightY, right, rightY);
  path.lineTo(right, rightY + thick);
  path.bezierCurveTo(middle, rightY + thick, middle, leftY + thick, left, leftY + thick);
  path.closePath();
  return path.toString();
}

function drawAges(picture, rows) {
  const ages = rows.map((row) => ({
    name: row.cells[0].textContent,
    says: row.cells[1].textContent,
    value: Number(row.dataset.value),
  }));
  const { drawing, width } = svg(picture, ages.length * ROW_HEIGHT);
  const line = drawing
    .selectAll("g")
    .data(ages)
    .join("g")
    .attr("transform", (_, i) => `translate(0,${i * ROW_HEIGHT})`);
  const middle = ROW_HEIGHT / 2;
  const text = (x, of) => line.append("text").attr("x", x).attr("y", middle).attr("dy", "0.35em").text(of);
  const start = widest(text(0, (age) => age.name)) + 10;
  const numbers = text(0, (age) => age.says);
  const most = Math.max(1, ...ages.map((age) => age.value));
  const room = Math.max(0, width - start - widest(numbers) - 8);
  const long = (age) => (room * age.value) / most;
  numbers.attr("x", (age) => start + long(age) + 8);
  line
    .append("rect")
    .attr("class", "bar")
    .attr("x", start)
    .attr("y", middle - BAR_HEIGHT / 2)
    .attr("width", long)
    .attr("height", BAR_HEIGHT);
  drawing
    .append("path")
    .attr("class", "axis")
    .attr("d", `M${start} 0V${ages.length * ROW_HEIGHT}`);
}

function widest(texts) {
  return Math.max(...texts.nodes().map((text) => text.getComputedTextLength()));
}

function drawStates(picture, newestFirst, chart) {
  const rows = newestFirst.reverse();
  const names = rows.map((row) => row.cells[0].textContent);
  const lines = [...chart.querySelectorAll(".legend li")].map((item) => line(item));
  const columns = lines.map((_, i) => rows.map((row) => Number(row.cells[i + 1].dataset.value)));
  const colours = getComputedStyle(document.documentElement);
  const axis = {
    font: `13px ${getComputedStyle(picture).fontFamily}`,
    stroke: colours.getPropertyValue("--text"),
    grid: { stroke: colours.getPropertyValue("--line"), width: 1 },
    ticks: { show: false },
    incrs: WHOLE_STEPS,
  };
  const plot = {
    width: picture.clientWidth,
    height: STATES_HEIGHT,
    padding: [10, 28, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
    series: [{}, ...lines],
    axes: [
      { ...axis, space: 74, gap: 10, size: 34, grid: { show: false }, values: (_, at) => at.map((i) => names[i] ?? "") },
      { ...axis, space: 36, size: 56, values: (_, at) => at.map((count) => count.toLocaleString("en")) },
    ],
  };
  new uPlot(plot, [names.map((_, i) => i), ...columns], picture);
}

// Colour and dashes are the legend's.
function line(item) {
  const { stroke, strokeDasharray } = getComputedStyle(item.querySelector("path"));
  const dash = strokeDasharray === "none" ? undefined : strokeDasharray.split(",").map(parseFloat);
  return { stroke, dash, width: 2, points: { show: true, size: 6, fill: stroke } };
}

function sum(flows) {
  return flows.reduce((all, flow) => all + flow.value, 0);
}
