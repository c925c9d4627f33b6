// 县域地图: draws `[data-map]` from GeoJSON and points in the page; no tiles, nobody else is asked.
// Specification: {boundary: FeatureCollection, points: [{name, longitude, latitude, size, value, lines, link, is_main}],
// label, decimals, range: [low, high]}.
(function () {
  "use strict";
  const { library, colours, drawn } = window.sanyiCharts;

  // One degree of longitude is shorter than one of latitude by the cosine of the latitude.
  function aspect(boundary) {
    let low = 90, high = -90;
    const walk = (part) => {
      if (typeof part[0] === "number") {
        low = Math.min(low, part[1]);
        high = Math.max(high, part[1]);
      } else part.forEach(walk);
    };
    boundary.features.forEach((feature) => walk(feature.geometry.coordinates));
    return Math.cos(((low + high) / 2) * (Math.PI / 180));
  }

  function option(name, spec, shade) {
    const largest = Math.max(1, ...spec.points.map((point) => point.size || 0));
    const values = spec.points.map((point) => point.value).filter((value) => typeof value === "number");
    const range = spec.range || [Math.min(...values), Math.max(...values)];
    return {
      backgroundColor: "transparent",
      textStyle: { color: shade.text, fontFamily: window.getComputedStyle(document.body).fontFamily },
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: shade.surface,
        borderColor: shade.line,
        textStyle: { color: shade.text, fontSize: 12 },
        formatter: (item) => (item.data ? [item.data.name, ...(item.data.lines || [])].join("\n") : ""),
      },
      visualMap: values.length ? {
        type: "continuous", seriesIndex: 0, dimension: 2, min: range[0], max: range[1], calculable: false,
        right: 8, bottom: 12, itemHeight: 80, itemWidth: 12, precision: spec.decimals || 0,
        text: [spec.label || "", ""], textStyle: { color: shade.muted },
        inRange: { color: shade.isDark ? ["#74c0fc", "#3bc9db", "#ffd43b", "#ff922b"] : ["#4dabf7", "#0b7285", "#f59f00", "#d9480f"] },
      } : undefined,
      geo: {
        map: name, roam: "move", left: 20, right: 120, top: 16, bottom: 16, preserveAspect: "contain", aspectScale: aspect(spec.boundary), silent: true,
        itemStyle: { areaColor: shade.isDark ? "#22303d" : "#eef4f5", borderColor: shade.isDark ? "#4f6475" : "#9fb4ba", borderWidth: 1.2 },
        emphasis: { disabled: true },
      },
      series: [{
        type: "scatter",
        coordinateSystem: "geo",
        data: spec.points.map((point) => ({ ...point, value: [point.longitude, point.latitude, point.value ?? null] })),
        symbolSize: (value, item) => 8 + 26 * Math.sqrt((item.data.size || 0) / largest),
        itemStyle: { opacity: 0.88, borderColor: shade.surface, borderWidth: 1, color: values.length ? undefined : shade.palette[0] },
        label: {
          show: true, position: "right", distance: 6, color: shade.text, fontSize: 11, textBorderColor: shade.surface, textBorderWidth: 2,
          formatter: (item) => item.data.short_name || item.data.name,
        },
        labelLayout: { hideOverlap: true },
        emphasis: { scale: 1.15, label: { fontWeight: "bold" } },
      }],
    };
  }

  async function draw(element) {
    const source = document.getElementById(element.dataset.map);
    if (!source) return;
    const echarts = await library();
    const spec = JSON.parse(source.textContent);
    const name = `map-${element.dataset.map}`;
    let chart = drawn.get(element);
    if (!chart) {
      echarts.registerMap(name, spec.boundary);
      chart = echarts.init(element);
      drawn.set(element, chart);
      chart.on("click", (event) => {
        if (event.data && event.data.link) window.location.assign(event.data.link);
      });
      new ResizeObserver(() => chart.resize()).observe(element);
    }
    chart.setOption(option(name, spec, colours()), true);
    element.dataset.drawn = "true";
  }

  function drawAll(root) {
    for (const element of root.querySelectorAll("[data-map]")) draw(element);
  }

  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
  document.addEventListener("sanyi:theme", () => drawAll(document));
})();
