// 图表: draws every `[data-chart]` from the JSON beside it with ECharts, in the colours of the page.
// Specification: {kind: bar|line|pie|scatter, categories, series: [{name, values, kind?, axis?, stack?, decimals?}],
// units: [left, right], decimals, isWhole, horizontal, reference: {value, label} or several references, links,
// names: {x, y}}; scatter also has
// cross: [x, y] or level: y, and curves: [{name, points: [[x, y]], isOuter}] for the limits of a funnel; in a funnel all
// points are of one size, and only those with isMarked are named. A timeline has categories (rows), spans: [{row, from, to,
// tone: red|yellow|green|grey|done, name, lines, link}] with days as 2026-06-30, first and last day, and today.
(function () {
  "use strict";
  const drawn = new Map();
  let loading = null;

  function library() {
    if (window.echarts) return Promise.resolve(window.echarts);
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.documentElement.dataset.sanyiCharts;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  function colours() {
    const isDark = document.documentElement.getAttribute("data-bs-theme") === "dark";
    return {
      isDark,
      text: isDark ? "#dce1e7" : "#1f2d3a",
      muted: isDark ? "#9aa5b1" : "#5f6b7a",
      line: isDark ? "#33404f" : "#e3e8ee",
      surface: isDark ? "#1b2733" : "#ffffff",
      palette: isDark
        ? ["#3bc9db", "#ffa94d", "#8ce99a", "#b197fc", "#ff8787", "#ffe066", "#74c0fc", "#faa2c1"]
        : ["#0b7285", "#e8590c", "#2b8a3e", "#6741d9", "#c92a2a", "#b08900", "#1864ab", "#a61e4d"],
    };
  }

  function number(value, decimals) {
    if (value === null || value === undefined || value === "") return "—";
    return Number(value).toLocaleString(document.documentElement.lang === "en" ? "en" : "zh-CN", {
      minimumFractionDigits: decimals || 0,
      maximumFractionDigits: decimals || 0,
    });
  }

  function base(spec, shade) {
    return {
      color: spec.colours || shade.palette,
      backgroundColor: "transparent",
      textStyle: { color: shade.text, fontFamily: window.getComputedStyle(document.body).fontFamily },
      animationDuration: 350,
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: shade.surface,
        borderColor: shade.line,
        textStyle: { color: shade.text, fontSize: 12 },
      },
      aria: { enabled: true },
    };
  }

  function levels(spec) {
    return spec.references || (spec.reference ? [spec.reference] : []);
  }

  function valueAxis(spec, shade, index) {
    const unit = (spec.units || [])[index] || "";
    const lines = index === 0 && spec.references ? levels(spec).map((one) => one.value) : [];
    const values = spec.series.flatMap((one) => one.values).filter((value) => typeof value === "number");
    const low = Math.min(...lines), high = Math.max(...lines);
    const isBelow = lines.length && low < (spec.scale ? Math.min(...values) : 0);
    const isAbove = lines.length && high > Math.max(...values);
    return {
      type: "value",
      name: unit,
      scale: Boolean(spec.scale),
      // A line outside of the values widens the axis by a little more than itself.
      min: isBelow ? widened(low, low - Math.max(...values)) : undefined,
      max: isAbove ? widened(high, high - (spec.scale ? Math.min(...values) : 0)) : undefined,
      minInterval: spec.isWhole ? 1 : 0,
      nameTextStyle: { color: shade.muted },
      axisLabel: { color: shade.muted, hideOverlap: true },
      splitLine: { show: index === 0, lineStyle: { color: shade.line } },
    };
  }

  function categoryAxis(spec, shade) {
    return {
      type: "category",
      data: spec.categories,
      inverse: Boolean(spec.horizontal),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: shade.line } },
      axisLabel: {
        color: shade.muted,
        interval: spec.horizontal ? 0 : "auto",
        width: spec.horizontal ? 150 : 90,
        overflow: "truncate",
      },
    };
  }

  function cartesian(spec, shade) {
    const axes = spec.series.some((series) => series.axis === 1) ? 2 : 1;
    const values = Array.from({ length: axes }, (_, index) => valueAxis(spec, shade, index));
    const category = categoryAxis(spec, shade);
    const series = spec.series.map((one, index) => ({
      name: one.name,
      type: one.kind || spec.kind,
      stack: one.stack,
      data: one.values,
      smooth: false,
      symbolSize: 7,
      barMaxWidth: 26,
      yAxisIndex: spec.horizontal ? 0 : one.axis || 0,
      xAxisIndex: spec.horizontal ? one.axis || 0 : 0,
      itemStyle: { borderRadius: one.stack ? 0 : spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      tooltip: { valueFormatter: (value) => number(value, one.decimals ?? spec.decimals) },
      markLine: index === 0 && levels(spec).length ? reference(spec, shade) : undefined,
    }));
    return {
      ...base(spec, shade),
      tooltip: { ...base(spec, shade).tooltip, trigger: "axis" },
      legend: spec.series.length > 1 ? { top: 0, type: "scroll", textStyle: { color: shade.text } } : { show: false },
      grid: { left: 8, right: 16, top: spec.series.length > 1 ? 40 : 32, bottom: 8, containLabel: true },
      xAxis: spec.horizontal ? values : category,
      yAxis: spec.horizontal ? category : values,
      series,
    };
  }

  // The bound a tenth of the distance further, with few digits, never nearer than itself.
  function widened(value, distance) {
    const far = value + distance * 0.1;
    const short = Number(far.toPrecision(3));
    return (short - value) * distance < 0 ? far : short;
  }

  function reference(spec, shade) {
    return {
      silent: true,
      symbol: "none",
      lineStyle: { color: shade.muted, type: "dashed" },
      data: levels(spec).map((one) => ({
        [spec.horizontal ? "xAxis" : "yAxis"]: one.value,
        label: { formatter: one.label, color: shade.muted, position: spec.horizontal ? "start" : "insideEndTop" },
      })),
    };
  }

  function pie(spec, shade) {
    const data = spec.categories.map((name, index) => ({ name, value: spec.series[0].values[index] }));
    return {
      ...base(spec, shade),
      legend: { type: "scroll", bottom: 0, textStyle: { color: shade.text } },
      tooltip: { ...base(spec, shade).tooltip, valueFormatter: (value) => number(value, spec.decimals) },
      series: [{ type: "pie", radius: ["45%", "70%"], center: ["50%", "44%"], data, label: { color: shade.text, formatter: "{b} {d}%" } }],
    };
  }

  function scatter(spec, shade) {
    const names = spec.names || {};
    const axis = (name, unit) => ({
      type: "value", scale: true, name, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: shade.muted },
      axisLabel: { color: shade.muted, formatter: `{value}${unit || ""}` }, splitLine: { lineStyle: { color: shade.line } },
    });
    const largest = Math.max(1, ...spec.points.map((point) => point.size || 1));
    const isFunnel = Boolean(spec.curves);
    const marked = (point) => isFunnel && point.isMarked
      ? { itemStyle: { color: (spec.colours || shade.palette)[1], opacity: 0.9 }, label: { show: true } } : {};
    return {
      ...base(spec, shade),
      grid: { left: 24, right: isFunnel ? 56 : 90, top: 24, bottom: 36, containLabel: true },
      tooltip: {
        ...base(spec, shade).tooltip,
        formatter: (item) => [item.data.name, ...(item.data.lines || [])].join("\n"),
      },
      xAxis: axis(names.x), yAxis: axis(names.y),
      series: [{
        type: "scatter",
        data: spec.points.map((point) => ({ ...point, value: [point.x, point.y], ...marked(point) })),
        symbolSize: isFunnel ? 10 : (value, item) => 8 + 30 * Math.sqrt((item.data.size || 1) / largest),
        itemStyle: { opacity: 0.75 },
        label: {
          show: !isFunnel && spec.points.length <= 14, position: "right", formatter: "{b}",
          color: shade.muted, fontSize: 11,
        },
        labelLayout: { hideOverlap: true, moveOverlap: isFunnel ? "shiftY" : undefined },
        z: 3,
        markLine: spec.cross || spec.level !== undefined ? {
          silent: true, symbol: "none", lineStyle: { color: shade.muted, type: "dashed" }, label: { show: false },
          data: spec.cross ? [{ xAxis: spec.cross[0] }, { yAxis: spec.cross[1] }] : [{ yAxis: spec.level }],
        } : undefined,
      }, ...(spec.curves || []).map((curve) => ({
        type: "line", name: curve.name, data: curve.points, symbol: "none", silent: true,
        lineStyle: { color: shade.muted, width: 1, type: curve.isOuter ? "solid" : "dashed" },
        endLabel: { show: Boolean(curve.name), formatter: curve.name, color: shade.muted, fontSize: 11 },
        labelLayout: { moveOverlap: "shiftY" },
      }))],
    };
  }

  function timeline(spec, shade) {
    const tones = { red: shade.palette[4], yellow: shade.palette[5], green: shade.palette[2], grey: shade.muted, done: shade.palette[2] };
    const day = (text) => new Date(`${text}T00:00:00`).getTime();
    const isNarrow = window.innerWidth < 640;
    const isShort = day(spec.last) - day(spec.first) < 150 * 86400000;
    const drawSpan = (params, api) => {
      const from = api.coord([api.value(1), api.value(0)]);
      const to = api.coord([api.value(2), api.value(0)]);
      const isDone = spec.spans[params.dataIndex].tone === "done";
      const height = Math.min(isDone ? 8 : 18, api.size([0, 1])[1] * (isDone ? 0.28 : 0.62));
      const left = Math.max(from[0], params.coordSys.x);
      const right = Math.min(Math.max(to[0], left + 4), params.coordSys.x + params.coordSys.width + 4);
      return {
        type: "rect",
        shape: { x: left, y: from[1] - height / 2, width: right - left, height, r: 3 },
        style: { fill: api.visual("color"), opacity: isDone ? 1 : 0.55 },
      };
    };
    return {
      ...base(spec, shade),
      tooltip: { ...base(spec, shade).tooltip, formatter: (item) => [item.data.name, ...(item.data.lines || [])].join("\n") },
      grid: { left: 8, right: 20, top: 26, bottom: 8, containLabel: true },
      xAxis: {
        type: "time", min: day(spec.first), max: day(spec.last), splitNumber: isNarrow ? 3 : 6,
        axisLabel: { color: shade.muted, hideOverlap: true, formatter: isShort ? "{MM}-{dd}" : "{yyyy}-{MM}" },
        axisLine: { lineStyle: { color: shade.line } }, splitLine: { show: true, lineStyle: { color: shade.line } },
      },
      yAxis: {
        ...categoryAxis({ ...spec, horizontal: true }, shade),
        axisLabel: { color: shade.text, interval: 0, width: isNarrow ? 96 : 200, overflow: "truncate" },
      },
      series: [{
        type: "custom",
        renderItem: drawSpan,
        encode: { x: [1, 2], y: 0 },
        data: spec.spans.map((span) => ({
          name: span.name, lines: span.lines, link: span.link,
          value: [span.row, day(span.from), day(span.to)], itemStyle: { color: tones[span.tone] || shade.muted },
        })),
        markLine: {
          silent: true, symbol: "none", lineStyle: { color: shade.text, type: "dashed" },
          label: { formatter: spec.todayLabel, color: shade.text, position: "start" }, data: [{ xAxis: day(spec.today) }],
        },
      }],
    };
  }

  function option(spec, shade) {
    if (spec.kind === "timeline") return timeline(spec, shade);
    if (spec.kind === "pie") return pie(spec, shade);
    if (spec.kind === "scatter") return scatter(spec, shade);
    return cartesian(spec, shade);
  }

  async function draw(element) {
    const source = document.getElementById(element.dataset.chart);
    if (!source) return;
    const echarts = await library();
    const spec = JSON.parse(source.textContent);
    let chart = drawn.get(element);
    if (!chart) {
      chart = echarts.init(element);
      drawn.set(element, chart);
      chart.on("click", (event) => {
        const link = (event.data && event.data.link) || (spec.links || [])[event.dataIndex];
        if (link) window.location.assign(link);
      });
      new ResizeObserver(() => chart.resize()).observe(element);
    }
    chart.setOption(option(spec, colours()), true);
    element.dataset.drawn = "true";
  }

  function drawAll(root) {
    for (const element of root.querySelectorAll("[data-chart]")) draw(element);
  }

  window.sanyiCharts = { library, colours, number, drawn };
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    const chart = drawn.get(event.target);
    if (chart) chart.dispose();
    drawn.delete(event.target);
  });
  document.addEventListener("sanyi:theme", () => { for (const element of drawn.keys()) if (element.dataset.chart) draw(element); });
  window.addEventListener("beforeprint", () => { for (const chart of drawn.values()) chart.resize(); });
})();
